"""Runs the processes of one installation on one machine, and leaves none of them behind."""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from leadflow.infra import process
from leadflow.infra.progress import say

POLL_SECONDS = 0.2
HEAL_SECONDS = 1.0
GRACE_SECONDS = 10.0
BACKOFF_FIRST, BACKOFF_LONGEST = 0.5, 30.0
STABLE_SECONDS = 30.0
LOG_LIMIT = 20_000_000
HOME_VARIABLE = "LEADFLOW_HOME"


class AlreadyRunning(RuntimeError):
    """Another supervisor holds the lock of this home directory."""


class ChildFailed(RuntimeError):
    """A child does not stay up during the start; the message carries the end of its log."""


class HomeLock:
    """Held while the process lives; the system lets go of it when the process dies, however it dies."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file = (home / "supervisor.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise AlreadyRunning(
                f"LeadFlow already runs here as process {holder}: stop it with `kill {holder}`."
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    code: int | None = None
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start: float = 0.0
    failures: int = 0


class Supervisor:
    """Children run in sessions of their own and write to `logs/<name>.log`; a crash is answered with a new start.

    `heal` is called about once a second for what the children stand on, and names what it started again.
    """

    def __init__(self, home: Path, *, cwd: Path, heal: Callable[[], list[str]] | None = None) -> None:
        self.home = home.resolve()
        self.cwd = cwd
        self.children: list[Child] = []
        self._heal = heal
        self._next_heal = 0.0
        self._stop_signal: int | None = None
        self._record = self.home / "children.json"

    def add(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None, *, once: bool = False
    ) -> None:
        """A child; one that runs `once` is expected to end, and is not started again."""
        self.children.append(Child(name, command, environment or {}, once=once))

    def log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def clear_previous_run(self, grace: float = GRACE_SECONDS) -> list[str]:
        """Stop children of a supervisor that was killed; returns their names."""
        try:
            recorded: dict[str, tuple[int, str]] = json.loads(self._record.read_text())
        except (OSError, ValueError):
            return []
        stopped = []
        for name, (pid, started) in recorded.items():
            if self._is_left_over(pid, started):
                process.stop_family(pid, signal.SIGTERM, grace)
                stopped.append(name)
        self._record.unlink(missing_ok=True)
        return stopped

    def _is_left_over(self, pid: int, started: str) -> bool:
        if process.find(pid) is not None:
            return process.is_same(pid, started)
        orphans = [found.pid for found in process.everyone() if found.session == pid]
        home = str(self.home)
        return any(process.environment_value(orphan, HOME_VARIABLE) == home for orphan in orphans)

    def listen_for_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._stop_signal = number

    @property
    def is_stopping(self) -> bool:
        return self._stop_signal is not None

    def start(self) -> None:
        for child in self.children:
            if child.running is None and child.code is None:
                self._launch(child)

    def has_ended(self, name: str) -> bool:
        """Whether a child that runs once has done its work."""
        return any(child.code == 0 for child in self.children if child.name == name)

    def run(self) -> None:
        """Keep everything up until a signal asks to stop."""
        while not self.is_stopping:
            self.tend()
            time.sleep(POLL_SECONDS)

    def wait_until_ready(self, is_ready: Callable[[], bool], *, seconds: float, attempts: int = 3) -> bool:
        """Tend the children until the check passes; False when asked to stop meanwhile."""
        deadline = time.monotonic() + seconds
        while not self.is_stopping:
            if is_ready():
                return True
            self.tend()
            for child in self.children:
                if child.failures >= attempts or child.code or time.monotonic() > deadline:
                    raise ChildFailed(
                        f"{child.name} did not come up; see {self.log(child.name)}\n{self.tail(child.name)}"
                    )
            time.sleep(POLL_SECONDS)
        return False

    def tail(self, name: str, count: int = 15) -> str:
        try:
            return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    def tend(self) -> None:
        """One look at everyone: reap the dead, start again what is due."""
        now = time.monotonic()
        if self._heal and now >= self._next_heal:
            self._next_heal = now + HEAL_SECONDS
            for name in self._heal():
                say(f"  {name} had died and runs again.")
        for child in self.children:
            if child.running is not None and child.running.poll() is not None:
                self._bury(child, child.running)
            is_due = child.running is None and child.code is None and time.monotonic() >= child.next_start
            if is_due and not self.is_stopping:
                self._launch(child)

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Last started, first stopped; nobody outlives the grace."""
        for child in reversed(self.children):
            if child.running is not None:
                process.stop_family(child.running.pid, signal.SIGTERM, grace)
                child.running.wait()
                child.running = None
        self._record.unlink(missing_ok=True)

    def _launch(self, child: Child) -> None:
        with self._open_log(child.name) as output:
            child.running = subprocess.Popen(
                child.command,
                cwd=self.cwd,
                env={**os.environ, **child.environment, HOME_VARIABLE: str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child.started_at = time.monotonic()
        self._write_record()

    def _bury(self, child: Child, dead: subprocess.Popen[bytes]) -> None:
        code = dead.returncode
        process.stop_family(dead.pid, signal.SIGTERM, 2)
        child.running = None
        if child.once:
            child.code = code
            return
        stable = time.monotonic() - child.started_at >= STABLE_SECONDS
        child.failures = 1 if stable else child.failures + 1
        pause = min(BACKOFF_FIRST * 2 ** (child.failures - 1), BACKOFF_LONGEST)
        child.next_start = time.monotonic() + pause
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        say(f"  {child.name} {how}; starting it again in {pause:.1f} s (log: {self.log(child.name)})")

    def _open_log(self, name: str) -> BinaryIO:
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        return log.open("ab")

    def _write_record(self) -> None:
        living = {}
        for child in self.children:
            found = process.find(child.running.pid) if child.running else None
            if found:
                living[child.name] = (found.pid, found.started)
        draft = self._record.with_suffix(".new")
        draft.write_text(json.dumps(living))
        draft.replace(self._record)
