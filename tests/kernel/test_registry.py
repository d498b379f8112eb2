"""Shelves: one more of anything is one file, ours or somebody else's, that exports one name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadflow.insight import kpis
from leadflow.insight.kpi import Kpi
from leadflow.kernel import registry
from leadflow.kernel.errors import Permanent
from leadflow.kernel.ids import new_id

Shelf = Callable[..., str]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What is installed and what is on a shelf is looked up once per process; here it changes."""
    registry._modules.cache_clear()
    registry._third_parties.cache_clear()
    yield
    registry._modules.cache_clear()
    registry._third_parties.cache_clear()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Makes a shelf of these files and returns its dotted name."""

    def make(**files: str) -> str:
        name = f"shelf_{new_id().hex}"
        (tmp_path / name).mkdir()
        for stem, content in {"__init__": "", **files}.items():
            (tmp_path / name / f"{stem}.py").write_text(content)
        return name

    monkeypatch.syspath_prepend(tmp_path)
    return make


def install(site: Path, group: str, **points: str) -> None:
    """What installing a package of somebody else's leaves behind."""
    metadata = site / "acme-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    lines = [f"[{group}]", *(f"{name} = {where}" for name, where in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines))


def test_a_file_is_on_the_shelf_under_its_own_name_and_in_order(shelf: Shelf) -> None:
    name = shelf(zebra="SIZE = 1", ant="SIZE = 2", _private="SIZE = 'never read'")
    assert list(registry.discover(name, int, "SIZE").items()) == [("ant", 2), ("zebra", 1)]


def test_an_empty_shelf_has_nothing_on_it(shelf: Shelf) -> None:
    assert registry.discover(shelf(), int, "SIZE") == {}


@pytest.mark.parametrize("content", ["", "LENGTH = 1", "SIZE = 'large'", "SIZE = None", "size = 1"])
def test_a_file_that_exports_something_else_is_named_with_what_it_must_export(shelf: Shelf, content: str) -> None:
    name = shelf(good="SIZE = 1", wrong=content)
    with pytest.raises(Permanent, match=rf"{name}\.wrong must export SIZE, a int"):
        registry.discover(name, int, "SIZE")


def test_third_parties_join_through_an_entry_point_named_like_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "acme_kpis.py").write_text(
        "from leadflow.insight.kpis import new_today\nCHURN = new_today.KPI\nNUMBER = 7\n"
    )
    install(tmp_path, kpis.__name__, churn="acme_kpis:CHURN")
    members = registry.discover(kpis.__name__, Kpi, "KPI")
    assert "new_today" in members
    assert members["churn"] is members["new_today"]
    assert registry.discover(shelf(own="SIZE = 1"), int, "SIZE") == {"own": 1}, "another shelf is not theirs"


def test_a_third_partys_wrong_member_is_named_like_ours(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "acme_wrong.py").write_text("NUMBER = 7\n")
    install(tmp_path, kpis.__name__, churn="acme_wrong:NUMBER")
    with pytest.raises(Permanent, match=r"leadflow\.insight\.kpis\.churn must export KPI, a Kpi; it has 7"):
        registry.discover(kpis.__name__, Kpi, "KPI")


def test_a_shelf_that_does_not_exist_is_an_error_and_not_an_empty_one() -> None:
    with pytest.raises(ModuleNotFoundError):
        registry.discover("leadflow.no_such_shelf", int, "SIZE")
