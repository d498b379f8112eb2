"""The house: how big its rooms are, what they are called, and which way the doors open."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

from leadflow.kernel.jobs import Job
from tests.architecture.source import PRODUCT, ROOT, WRAPPERS, calls, functions, modules, name_of, scripts
from workers.handlers import all_handlers

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_HANDLER = 300, 40, 15
KIND = re.compile(r"[a-z]+\.[a-z_]+")
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(folder: str, most: int) -> list[str]:
    return [
        f"{path}:{function.lineno} {function.name} has {length(function)} lines"
        for path, tree in modules().items()
        for function in functions(tree)
        if path.startswith(folder) and length(function) > most
    ]


class TestSize:
    def test_no_file_is_longer_than_three_hundred_lines(self) -> None:
        sizes = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in modules()}
        sizes |= {name_of(path): len(path.read_text("utf-8").splitlines()) for path in scripts()}
        assert {path: size for path, size in sizes.items() if size > LONGEST_FILE} == {}

    def test_no_function_is_longer_than_forty_lines(self) -> None:
        assert [long for folder in PRODUCT for long in too_long(folder, LONGEST_FUNCTION)] == []

    def test_no_job_handler_is_longer_than_fifteen_lines(self) -> None:
        assert too_long("workers/jobs/", LONGEST_HANDLER) == []


class TestNames:
    def test_every_file_says_what_is_in_it(self) -> None:
        files = [Path(path) for path in modules("leadflow", "workers", "tests", "bench")] + scripts()
        assert [path.as_posix() for path in files if path.stem in NAMES_THAT_SAY_NOTHING] == []

    def test_scripts_live_with_their_wrappers_and_nowhere_else(self) -> None:
        assert scripts()
        assert [name_of(path) for path in scripts() if name_of(path.parent) != WRAPPERS] == []


def test_everything_points_down() -> None:
    """The contracts of `[tool.importlinter]`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def declared_kinds() -> list[str]:
    """The constants of our `jobs` modules that name kinds of jobs."""
    kinds = []
    for path in modules("leadflow"):
        if path.endswith("/jobs.py") and not path.startswith(("leadflow/infra/", "leadflow/kernel/")):
            declaring = importlib.import_module(path.removesuffix(".py").replace("/", "."))
            named = {name: value for name, value in vars(declaring).items() if name.isupper()}
            kinds += [kind for kind in named.values() if isinstance(kind, str) and KIND.fullmatch(kind)]
    return kinds


class TestJobs:
    """Whoever asks for work names a kind from a `jobs` module, and somebody runs it."""

    def test_every_kind_has_exactly_one_handler_and_every_handler_a_kind(self) -> None:
        assert declared_kinds()
        assert sorted(declared_kinds()) == sorted(all_handlers())

    def test_jobs_are_made_where_their_kinds_are_declared(self) -> None:
        made = {
            path: node.args[0]
            for path, tree in modules().items()
            for called, node in calls(tree)
            if called == Job.__name__ and node.args
        }
        assert {path for path in made if not path.endswith("/jobs.py")} == set()
        assert all(isinstance(kind, ast.Name) and kind.id.isupper() for kind in made.values())
