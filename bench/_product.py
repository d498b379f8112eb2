"""The product as it runs: a web process and a worker process of their own, over a stand's database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import psutil
import psycopg

from bench._stand import Stand
from leadflow.api.guard import cookie_name
from leadflow.bootstrap import App
from leadflow.cli.installation import ROOT, environment_of
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.infra import frontend, process, serving
from leadflow.infra.supervisor import HOME_VARIABLE
from leadflow.kernel.scope import Scope
from leadflow.tenancy.permissions import KEY_SCOPES

HOME = ROOT / ".leadflow"
START_SECONDS = 60.0
NO_DNS = "127.0.0.1:9"
"""Refuses at once: how fast a name server answers is not ours to measure."""


@dataclass(frozen=True)
class Running:
    """A server under test."""

    pid: int
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def cpu_s(self) -> float:
        """Seconds of processor time that it and its children have used."""
        leader = psutil.Process(self.pid)
        times = [each.cpu_times() for each in (leader, *leader.children(recursive=True))]
        return float(sum(each.user + each.system for each in times))


@dataclass(frozen=True)
class Product:
    where: Stand
    web: Running
    worker: Running
    commits: Path


@dataclass(frozen=True)
class Visitor:
    """How one organization's people and systems come in."""

    cookie: str
    authorization: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: Sequence[str], environment: Mapping[str, str], log: Path, *, cwd: Path = ROOT) -> Iterator[int]:
    """A process with its log, stopped with its kin at the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield child.pid
    finally:
        process.stop_family(child.pid, signal.SIGTERM, 10)
        child.wait()


def wait_for(url: str, log: Path, seconds: float = START_SECONDS) -> None:
    """Until the address answers 200."""
    _wait(lambda: urllib.request.urlopen(url, timeout=2).close(), url, log, seconds)


def wait_for_port(port: int, log: Path) -> None:
    _wait(lambda: socket.create_connection(("127.0.0.1", port), 2).close(), f"port {port}", log, START_SECONDS)


def _wait(attempt: Callable[[], None], what: str, log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            attempt()
        except OSError:
            time.sleep(0.05)
        else:
            return
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    raise RuntimeError(f"{what} does not answer:\n{tail}")


@contextmanager
def product(where: Stand, *, log_level: str = "INFO") -> Iterator[Product]:
    """Web and worker, ready; the front end is built first where it is not current."""
    frontend.ensure(ROOT, HOME)
    port = free_port()
    settings = where.settings.model_copy(
        update={"port": port, "public_url": f"http://localhost:{port}", "log_level": log_level, "dns_servers": NO_DNS}
    )
    home = settings.home
    commits = home / f"commits-{port}.jsonl"
    environment = {
        **environment_of(settings),
        "LEADFLOW_LOG_LEVEL": log_level,
        "LEADFLOW_DNS_SERVERS": NO_DNS,
        HOME_VARIABLE: str(home),
    }
    web_log = home / "logs" / "web.log"
    with ExitStack() as stack:
        web = stack.enter_context(
            server(serving.web_command(settings), {**environment, **serving.production_environment(settings)}, web_log)
        )
        worker = stack.enter_context(
            server(
                [sys.executable, "-m", "bench._worker"],
                {**environment, "BENCH_COMMITS": str(commits)},
                home / "logs" / "worker.log",
            )
        )
        wait_for(f"{settings.public_url}/api/health/ready", web_log)
        yield Product(replace(where, settings=settings), Running(web, port), Running(worker), commits)


async def visitor(app: App, scope: Scope) -> Visitor:
    """A session of the organization's owner, and an API key that may do all that keys may."""
    command = CreateApiKey(name="bench", scopes=tuple(KEY_SCOPES))
    async with app.work(scope) as work:
        assert scope.actor.id is not None
        token = await identity.open_session(work, scope.actor.id, OpenSession())
        _, secret = await identity.create_api_key(work, command, grantable=frozenset(KEY_SCOPES))
    return Visitor(f"{cookie_name(app.settings)}={token}", f"Bearer {secret}")


def settle(where: Stand) -> None:
    """Drop the jobs that filling left behind, and do what autovacuum and the checkpointer would do a minute later."""
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("DELETE FROM job")
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")


def read_commits(path: Path, since_ns: int) -> list[tuple[int, list[str]]]:
    """When the worker's units of work had committed, and the leads that each changed."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    return [(line["at"], line["leads"]) for line in lines if line["at"] >= since_ns]


def leads_wanted() -> int:
    return int(os.environ.get("BENCH_LEADS", "100000"))
