"""How long until somebody can log in: `leadflow demo` in an empty home, and again in the same one.

The environment and the front end are there already; an empty home means that PostgreSQL is initialised, the schema laid
and two weeks of a demo company's history written before the ready line is printed.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench._product import HOME, free_port
from bench._stand import Metric
from leadflow.cli.installation import ROOT
from leadflow.infra import frontend, process

ROUNDS = 3
PATIENCE_SECONDS = 60.0
READY = "LeadFlow is ready"
OURS = ("DATABASE_URL", "REDIS_URL", "LEADFLOW_")

_STEP = re.compile(r"^  (?P<title>\S.*): (?P<seconds>\d+\.\d) s$")


@dataclass(frozen=True)
class Start:
    """One start: seconds until the log-in page answered, and what its steps say they took."""

    seconds: float
    steps: dict[str, float]


def run() -> dict[str, Metric]:
    frontend.ensure(ROOT, HOME)
    cold, warm = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="leadflow-bench-") as folder:
            cold.append(_start(Path(folder) / "home"))
            warm.append(_start(Path(folder) / "home"))
    return {"start.cold_s": _metric(cold, "informational"), "start.warm_s": _metric(warm, "< 15 s")}


def _metric(starts: list[Start], goal: str) -> Metric:
    seconds = sorted(each.seconds for each in starts)
    return {
        "value": round(median(seconds), 2),
        "unit": "s",
        "spread": [round(seconds[0], 2), round(seconds[-1], 2)],
        "goal": goal,
        "steps": starts[-1].steps,
        "load": round(os.getloadavg()[0], 1),
    }


def _start(home: Path) -> Start:
    port = free_port()
    started = time.perf_counter()
    with _demo(home, port) as output:
        steps = {}
        for line in output:
            if found := _STEP.match(line):
                steps[found["title"]] = float(found["seconds"])
            if READY in line:
                break
        else:
            raise RuntimeError(f"The demo ended before it was ready; see {home / 'logs'}.")
        with urllib.request.urlopen(f"http://localhost:{port}/login", timeout=10) as page:
            page.read()
        return Start(time.perf_counter() - started, steps)


@contextmanager
def _demo(home: Path, port: int) -> Iterator[Iterator[str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    child = subprocess.Popen(
        [sys.executable, "-m", "leadflow.cli", "demo", "--port", str(port)],
        cwd=ROOT,
        env={**clean, "LEADFLOW_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert child.stdout is not None
        yield iter(child.stdout)
    finally:
        process.stop_family(child.pid, signal.SIGINT, PATIENCE_SECONDS)
        child.wait()
