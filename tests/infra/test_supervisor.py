"""The supervisor with real processes: what it starts it keeps up, and what it started it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import leadflow
from leadflow.infra import process
from leadflow.infra.supervisor import AlreadyRunning, ChildFailed, HomeLock, Supervisor

ROOT = Path(leadflow.__file__).parents[1]

FAMILY = """
import os, signal, subprocess, sys, time
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
ordinary = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
stubborn = subprocess.Popen([sys.executable, "-c", deaf])
apart = subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True)
time.sleep(0.3)
print("family", os.getpid(), ordinary.pid, stubborn.pid, apart.pid, flush=True)
time.sleep(600)
"""

SUPERVISOR = f"""
import sys
from pathlib import Path
from leadflow.infra.supervisor import HomeLock, Supervisor
home = Path(sys.argv[1])
lock = HomeLock(home)
supervisor = Supervisor(home, cwd=home)
supervisor.add("family", [sys.executable, "-c", {FAMILY!r}])
supervisor.listen_for_signals()
supervisor.start()
supervisor.run()
supervisor.stop(grace=1)
lock.release()
print("stopped", flush=True)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    assert process.wait_until(lambda: bool(condition()), seconds), "did not happen in time"


def family_of(home: Path) -> list[int]:
    log = home / "logs" / "family.log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [int(number) for number in lines[-1].split()[1:]] if lines else []


def living(pids: list[int]) -> list[int]:
    return [pid for pid in pids if process.find(pid)]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, cwd=tmp_path)
    yield made
    made.stop(grace=1)


@pytest.fixture
def supervising(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A supervisor in a process of its own, with a family of four up."""
    child = subprocess.Popen(
        [*python(SUPERVISOR), str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    eventually(lambda: len(family_of(tmp_path)) == 4)
    yield child
    if child.poll() is None:
        child.kill()
    child.communicate()
    for pid in living(family_of(tmp_path)):
        os.kill(pid, signal.SIGKILL)


def test_crashed_child_starts_again(supervisor: Supervisor) -> None:
    supervisor.add("crash", python("import os, time; print('up', os.getpid(), flush=True); time.sleep(600)"))
    supervisor.start()
    log = supervisor.log("crash")
    eventually(lambda: log.read_text().count("up") == 1)
    os.kill(int(log.read_text().split()[-1]), signal.SIGKILL)

    def twice() -> bool:
        supervisor.tend()
        return log.read_text().count("up") == 2

    eventually(twice)


def test_crash_loop_backs_off_and_is_told_at_the_start(supervisor: Supervisor) -> None:
    supervisor.add("broken", python("raise SystemExit('no database')"))
    supervisor.start()
    with pytest.raises(ChildFailed, match="no database"):
        supervisor.wait_until_ready(lambda: False, seconds=20, attempts=2)
    assert supervisor.children[0].next_start - time.monotonic() > 0.5


def test_child_that_runs_once_is_not_started_again(supervisor: Supervisor) -> None:
    supervisor.add("seed", python("print('done', flush=True)"), once=True)
    supervisor.start()
    assert supervisor.wait_until_ready(lambda: supervisor.has_ended("seed"), seconds=20)
    supervisor.tend()
    assert supervisor.log("seed").read_text().count("done") == 1


def test_failure_of_a_child_that_runs_once_is_told(supervisor: Supervisor) -> None:
    supervisor.add("seed", python("raise SystemExit('disk full')"), once=True)
    supervisor.start()
    with pytest.raises(ChildFailed, match="disk full"):
        supervisor.wait_until_ready(lambda: supervisor.has_ended("seed"), seconds=20)


def test_what_children_stand_on_is_healed(tmp_path: Path) -> None:
    calls: list[int] = []

    def heal() -> list[str]:
        calls.append(1)
        return []

    supervisor = Supervisor(tmp_path, cwd=tmp_path, heal=heal)
    supervisor.tend()
    supervisor.tend()
    assert len(calls) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_whole_family(
    tmp_path: Path, supervising: subprocess.Popen[str], number: signal.Signals
) -> None:
    pids = family_of(tmp_path)
    supervising.send_signal(number)
    output, _ = supervising.communicate(timeout=15)
    assert "stopped" in output
    assert supervising.returncode == 0
    assert living(pids) == []


def test_killed_supervisor_is_cleared_up_by_the_next(tmp_path: Path, supervising: subprocess.Popen[str]) -> None:
    pids = family_of(tmp_path)
    with pytest.raises(AlreadyRunning, match=str(supervising.pid)):
        HomeLock(tmp_path)
    supervising.kill()
    supervising.wait()
    assert living(pids) == pids
    lock = HomeLock(tmp_path)
    assert Supervisor(tmp_path, cwd=tmp_path).clear_previous_run(grace=1) == ["family"]
    assert living(pids) == []
    lock.release()


def test_orphans_of_a_dead_child_are_cleared_up(tmp_path: Path, supervising: subprocess.Popen[str]) -> None:
    leader, ordinary, stubborn, _apart = family_of(tmp_path)
    supervising.kill()
    supervising.wait()
    os.kill(leader, signal.SIGKILL)
    eventually(lambda: process.find(leader) is None)
    Supervisor(tmp_path, cwd=tmp_path).clear_previous_run(grace=1)
    assert living([ordinary, stubborn]) == []


def test_stranger_with_a_recorded_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(python("import time; time.sleep(600)"), start_new_session=True)
    try:
        (tmp_path / "children.json").write_text(json.dumps({"web": [stranger.pid, "another time"]}))
        assert Supervisor(tmp_path, cwd=tmp_path).clear_previous_run() == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_damaged_record_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "children.json").write_text("{half")
    assert Supervisor(tmp_path, cwd=tmp_path).clear_previous_run() == []
