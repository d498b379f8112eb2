"""What both engines have in common: a child process with a log, a port and a record of who it was."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leadflow.infra import process

LOG_LIMIT = 10_000_000


@dataclass(frozen=True)
class Running:
    """The record that outlives us: which process serves this directory, and on which port."""

    pid: int
    started: str
    port: int

    def write(self, path: Path) -> None:
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps([self.pid, self.started, self.port]))
        draft.replace(path)

    @staticmethod
    def read(path: Path) -> "Running | None":
        try:
            return Running(*json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def is_alive(self) -> bool:
        return process.is_same(self.pid, self.started)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def launch(command: Sequence[str], *, cwd: Path, log: Path, text: str = "") -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that a Ctrl-C at the terminal reaches it only through us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if child.stdin is not None:
        child.stdin.write(text.encode())
        child.stdin.close()
    return child


def last_lines(log: Path, count: int = 5) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def stop(pid: int, number: signal.Signals, grace: float, child: "subprocess.Popen[bytes] | None") -> None:
    """Stop a server with whatever it started; `child` is given when it is ours to reap."""
    process.stop_family(pid, number, grace)
    if child is not None:
        child.wait()


def evict(program: str, directory: Path, number: signal.Signals) -> None:
    """Stop servers that work in this directory without a record: the remains of a run that was killed."""
    place = directory.resolve()
    for candidate in process.everyone():
        if process.working_directory(candidate.pid) == place and process.name(candidate.pid) == program:
            process.stop_family(candidate.pid, number, 5)
