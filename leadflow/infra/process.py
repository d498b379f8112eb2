"""Processes of this machine: told apart from later ones that got the same number, and stopped with their kin."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()


@dataclass(frozen=True)
class Process:
    """A process as the system lists it; `started` differs between two owners of one number."""

    pid: int
    parent: int
    session: int
    started: str


def _from_proc(pid: int) -> Process | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    state, parent, session, started = fields[0], fields[1], fields[3], fields[19]
    return None if state in "ZX" else Process(pid, int(parent), int(session), started)


def _from_ps(*selection: str) -> list[Process]:
    listing = subprocess.run(
        ["ps", *selection, "-o", "pid=,ppid=,sess=,state=,lstart="], capture_output=True, text=True, check=False
    ).stdout
    found = []
    for line in listing.splitlines():
        pid, parent, session, state, started = line.split(None, 4)
        if not state.startswith("Z"):
            found.append(Process(int(pid), int(parent), int(session, 16), started))
    return found


def find(pid: int) -> Process | None:
    """The living process with this number; a zombie counts as gone."""
    if HAS_PROC:
        return _from_proc(pid)
    return next(iter(_from_ps("-p", str(pid))), None)


def everyone() -> list[Process]:
    if not HAS_PROC:
        return _from_ps("-ax")
    pids = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    return [process for pid in pids if (process := _from_proc(pid))]


def is_same(pid: int, started: str) -> bool:
    """Whether the process that was recorded under this number is still the one that has it."""
    process = find(pid)
    return process is not None and process.started == started


def working_directory(pid: int) -> Path | None:
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def name(pid: int) -> str | None:
    """The program's short name, where the system shows it."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return None


def environment_value(pid: int, variable: str) -> str | None:
    """A variable of the environment that a process was started with, where the system shows it."""
    try:
        block = (PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return None
    prefix = f"{variable}=".encode()
    return next((entry[len(prefix) :].decode() for entry in block.split(b"\0") if entry.startswith(prefix)), None)


def family(leader: int) -> list[Process]:
    """The process, its descendants, and everyone of the session that it leads."""
    living = everyone()
    known = {leader}
    while True:
        wider = known | {process.pid for process in living if process.parent in known or process.session == leader}
        if wider == known:
            return [process for process in living if process.pid in known]
        known = wider


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def stop_family(leader: int, number: signal.Signals, grace: float) -> None:
    """Signal a leader, then whoever it left behind, and kill what is still there after the grace."""
    kin: dict[int, Process] = {}

    def remaining() -> list[Process]:
        kin.update((process.pid, process) for process in family(leader))
        return [process for process in kin.values() if is_same(process.pid, process.started)]

    deadline = time.monotonic() + grace
    if any(process.pid == leader for process in remaining()):
        send(leader, number)
    wait_until(lambda: leader not in {process.pid for process in remaining()}, grace)
    for process in remaining():
        send(process.pid, number)
    if not wait_until(lambda: not remaining(), max(deadline - time.monotonic(), 0.2)):
        for process in remaining():
            send(process.pid, signal.SIGKILL)
        wait_until(lambda: not remaining(), 5)
