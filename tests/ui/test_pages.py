"""Every page compiles, and keeps the rules of the house."""

import re
from pathlib import Path

import pytest
import reflex as rx

import leadflow.ui.app as ui
from leadflow.kernel.registry import discover
from leadflow.tenancy.permissions import Extent, Permission
from leadflow.ui.gate import unmarked_handlers
from leadflow.ui.page import Page
from leadflow.ui.pages.people.page import REACHES, RIGHTS
from leadflow.ui.wrappers import (
    assignment,
    board,
    filters,
    forms,
    frame,
    insights,
    leads,
    notices,
    people,
    scoring,
    tasks,
    views,
    work,
)
from leadflow.ui.wrappers.source import Island

ROOT = Path(__file__).parents[2]
WRAPPERS = ROOT / "leadflow/ui/wrappers"
FIRST = [ROOT / "assets/theme.css", *sorted((ROOT / "assets/styles").glob("*.css"))]
STYLES = [*FIRST, *sorted(WRAPPERS.glob("*.css"))]
SCRIPTS = sorted([*WRAPPERS.glob("*.js"), *WRAPPERS.glob("*.jsx")])
PAGES = discover("leadflow.ui.pages", Page, "PAGE")
ISLANDS = [
    member
    for module in (
        assignment,
        board,
        filters,
        forms,
        frame,
        insights,
        leads,
        notices,
        people,
        scoring,
        tasks,
        views,
        work,
    )
    for member in vars(module).values()
    if isinstance(member, type) and issubclass(member, Island) and member is not Island
]


def test_the_pages_are_those_of_the_frame() -> None:
    routes = {
        "/", "/day", "/leads", "/leads/[lead_id]", "/import", "/people", "/calendar", "/assignment", "/scoring", "/settings", "/sources",
    }  # fmt: skip
    assert {page.route for page in PAGES.values()} == routes


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_drawn_with_one_main_region(name: str) -> None:
    drawn = str(PAGES[name].draw().render())
    assert drawn.count('id:"main"') == 1
    assert "lf-main" in drawn


def test_every_right_and_how_far_it_goes_is_said_in_plain_words() -> None:
    assert set(RIGHTS) == set(Permission)
    assert set(REACHES) == set(Extent)


def test_every_event_handler_names_its_permission() -> None:
    assert ui.app
    assert list(unmarked_handlers()) == []


@pytest.mark.parametrize("island", ISLANDS, ids=lambda island: island.__name__)
def test_an_island_is_what_its_file_exports(island: type[Island]) -> None:
    source = (WRAPPERS / Path(str(island.library)).name).read_text()
    assert re.search(rf"export (function|const) {island.tag}\b", source)


def test_nothing_is_pinned_loosely() -> None:
    dependencies = {dependency for island in ISLANDS for dependency in island.create().lib_dependencies}
    assert dependencies
    assert all(re.search(r".@\d+\.\d+\.\d+$", dependency) for dependency in dependencies)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_wrapper_is_short_and_never_evaluates_text(script: Path) -> None:
    source = script.read_text()
    assert source.startswith("// "), "the first line says what the file is for"
    assert source.count("\n") <= 300
    assert not re.search(r"\beval\(|new Function|dangerouslySetInnerHTML|innerHTML", source)


@pytest.mark.parametrize("sheet", STYLES[1:], ids=lambda path: path.name)
def test_colours_come_from_the_theme(sheet: Path) -> None:
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", sheet.read_text())
    assert colours == []


def test_no_style_is_left_over() -> None:
    written = "".join(file.read_text() for file in [*SCRIPTS, *(ROOT / "leadflow/ui").rglob("*.py")])
    styled = {name for sheet in STYLES[1:] for name in re.findall(r"\.(lf-[\w-]+)", sheet.read_text())}
    left_over = [
        name for name in sorted(styled) if name not in written and name.partition("--")[0] + "--" not in written
    ]
    assert left_over == []


def test_styles_that_the_app_asks_for_exist() -> None:
    assert {sheet.as_posix() for sheet in FIRST} == {
        (ROOT / "assets" / name.lstrip("/")).as_posix() for name in ui.STYLESHEETS
    }


def test_reflex_needs_no_eval_and_no_toasts_of_its_own() -> None:
    assert ui.app.toaster is None
    assert {name for _, name in ui.app.app_wraps} == {"ErrorBoundary", "Frame", "Page"}
    assert isinstance(ui.app, rx.App)
