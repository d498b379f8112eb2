"""Importing does no work: no connection, no process, no thread, and no need of any setting."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

LOOK = """
import importlib, json, pkgutil, sys, threading
import psutil
done = []
def hear(event, arguments):
    if event in ("socket.connect", "socket.listen", "subprocess.Popen", "os.fork"):
        done.append(f"{event} {arguments!r}")
sys.addaudithook(hear)
names = [name for package in ("leadflow", "workers")
         for name in [package, *(m.name for m in pkgutil.walk_packages(importlib.import_module(package).__path__,
                                                                       f"{package}."))]
         if not name.endswith("__main__")]
for name in names:
    before = len(done)
    importlib.import_module(name)
    done[before:] = [f"{name}: {what}" for what in done[before:]]
print("LOOKED " + json.dumps({
    "modules": len(names),
    "done": done,
    "threads": [thread.name for thread in threading.enumerate()],
    "connections": [str(connection) for connection in psutil.Process().net_connections()],
    "children": [child.name() for child in psutil.Process().children()],
}))
"""


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an interpreter without any environment sees after it has imported every module of ours."""
    home = tmp_path_factory.mktemp("nowhere")
    bare = {"PYTHONPATH": str(ROOT), "HOME": str(home), "PATH": str(Path(sys.executable).parent)}
    found = subprocess.run(
        [sys.executable, "-B", "-c", LOOK], cwd=home, env=bare, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    report: dict[str, object] = json.loads(found.stdout.rpartition("LOOKED ")[2])
    return report


def test_no_module_needs_a_setting_to_be_imported(looked: dict[str, object]) -> None:
    assert int(str(looked["modules"])) > 100


@pytest.mark.parametrize(
    ("what", "left"), [("done", []), ("threads", ["MainThread"]), ("connections", []), ("children", [])]
)
def test_no_module_does_anything_when_it_is_imported(looked: dict[str, object], what: str, left: list[str]) -> None:
    assert looked[what] == left
