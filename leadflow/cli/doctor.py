"""`leadflow doctor`: what this machine lacks, and what to do about it."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from leadflow.cli.installation import ROOT, embedded_engines, read_settings
from leadflow.cli.serve import Port
from leadflow.cli.stack import is_port_free
from leadflow.infra import frontend
from leadflow.infra.embedded import EngineError
from leadflow.infra.supervisor import AlreadyRunning, HomeLock
from leadflow.settings import Settings

MINIMUM_DISK = 2_000_000_000
MINIMUM_MEMORY = 1_500_000_000
BUILT_SINCE = 1_735_689_600
"""1 January 2025: a clock before that is wrong."""


@dataclass(frozen=True)
class Finding:
    """`remedy` is empty when all is well."""

    subject: str
    found: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(port: Port = None) -> None:
    """Check this machine, and say what is wrong and what to do."""
    settings = read_settings(port=port)
    findings = [finding for check in CHECKS for finding in check(settings)]
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        mark = "problem" if finding.remedy else "ok"
        typer.echo(f"{mark:8}{finding.subject:{width}}  {finding.found}")
        if finding.remedy:
            typer.echo(f"{'':8}{'':{width}}  → {finding.remedy}")
    problems = sum(bool(finding.remedy) for finding in findings)
    typer.echo(f"\n{problems} problem{'s' if problems != 1 else ''} found." if problems else "\nAll is well.")
    raise typer.Exit(code=1 if problems else 0)


def _python(_: Settings) -> Iterable[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", found, "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer")


def _lock(_: Settings) -> Iterable[Finding]:
    lock = ROOT / "requirements.lock"
    if not lock.exists():
        return
    wrong = [name for name, wanted in _locked_versions(lock).items() if _installed(name) not in {None, *wanted}]
    remedy = "run `make demo` or `make test`, which install what requirements.lock names" if wrong else ""
    yield Finding(
        "packages", f"{', '.join(wrong[:5])} differ from the lock" if wrong else "as in requirements.lock", remedy
    )


def _locked_versions(lock: Path) -> dict[str, set[str]]:
    """A name can stand there more than once, for different Pythons."""
    locked: dict[str, set[str]] = {}
    for line in lock.read_text().splitlines():
        name, separator, rest = line.partition("==")
        if separator and not line.startswith((" ", "#")):
            locked.setdefault(name.partition("[")[0].strip(), set()).add(rest.split()[0])
    return locked


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _disk(settings: Settings) -> Iterable[Finding]:
    free = shutil.disk_usage(_existing(settings.home)).free
    remedy = "" if free >= MINIMUM_DISK else "free some space: the database and the front-end build need about 2 GB"
    yield Finding("disk", f"{free / 1e9:.1f} GB free at {settings.home}", remedy)


def _memory(_: Settings) -> Iterable[Finding]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    remedy = "" if total >= MINIMUM_MEMORY else "use a machine with at least 1.5 GB of memory"
    yield Finding("memory", f"{total / 1e9:.1f} GB", remedy)


def _write_permission(settings: Settings) -> Iterable[Finding]:
    place = _existing(settings.home)
    try:
        with tempfile.TemporaryFile(dir=place):
            yield Finding("home", f"{settings.home} can be written")
    except OSError as error:
        yield Finding("home", f"{place}: {error.strerror}", "set LEADFLOW_HOME to a directory of yours")


def _port(settings: Settings) -> Iterable[Finding]:
    if is_port_free(settings.host, settings.port):
        yield Finding("web port", f"{settings.port} is free")
    elif _runs(settings):
        yield Finding("web port", f"{settings.port} is used, and LeadFlow runs here")
    else:
        yield Finding(
            "web port", f"{settings.port} is in use", "stop what uses it, or take another: `make demo PORT=8001`"
        )


def _runs(settings: Settings) -> bool:
    if not settings.home.exists():
        return False
    try:
        HomeLock(settings.home).release()
    except AlreadyRunning:
        return True
    return False


def _node(settings: Settings) -> Iterable[Finding]:
    if frontend.is_shipped(ROOT) or frontend.is_current(ROOT):
        return
    found = frontend.node_version(frontend.node_path(_existing(settings.home)))
    shown = ".".join(map(str, found)) if found else "none"
    wanted = ".".join(map(str, frontend.MINIMUM_NODE))
    remedy = "" if found and found >= frontend.MINIMUM_NODE else f"run `make demo`, which brings Node {wanted} or newer"
    yield Finding("Node", shown, remedy)


def _front_end(_: Settings) -> Iterable[Finding]:
    if frontend.is_shipped(ROOT):
        found = "came built"
    elif frontend.is_current(ROOT):
        found = "built, and current"
    else:
        found = "will be built at the next start (about half a minute)"
    yield Finding("front end", found)


def _engines(settings: Settings) -> Iterable[Finding]:
    try:
        engines = embedded_engines(settings)
        if engines and not engines.attach():
            if _runs(settings):
                yield Finding(
                    "engines", "do not answer", "stop LeadFlow and start it again; logs are in .leadflow/logs"
                )
                return
            engines.start()
            engines.stop()
    except EngineError as error:
        yield Finding("engines", "do not start", str(error))
        return
    if engines:
        yield Finding("engines", "embedded PostgreSQL and Redis start and answer")


def _external(settings: Settings) -> Iterable[Finding]:
    if settings.database_url:
        yield _reached("DATABASE_URL", lambda: _ask_postgres(settings.database_url))
    if settings.redis_url:
        yield _reached("REDIS_URL", lambda: _ask_redis(settings.redis_url))


def _reached(subject: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, ask())
    except Exception as error:  # noqa: BLE001 - whatever the driver says is the finding
        return Finding(subject, str(error).strip().splitlines()[0], "check the address, the password and the firewall")


def _ask_postgres(url: str) -> str:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5) as connection:
        return f"PostgreSQL {connection.info.server_version // 10000} answers"


def _ask_redis(url: str) -> str:
    import redis

    with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        return f"Redis {client.info('server')['redis_version']} answers"


def _mail(settings: Settings) -> Iterable[Finding]:
    if settings.catches_mail:
        yield Finding("mail", "kept for owners and admins, at /mail-catcher")
    elif settings.has_mail:
        yield Finding("mail", "sent through LEADFLOW_SMTP_URL")
    else:
        yield Finding("mail", "goes nowhere", "set LEADFLOW_SMTP_URL, or nobody can replace a forgotten password")


def _trees(_: Settings) -> Iterable[Finding]:
    """Only who tries the model that takes trees needs them: nothing else is missing without."""
    from leadflow.scoring.boosting.training import missing

    why = missing()
    yield Finding(
        "nightly trees",
        f"cannot be trained: {why}; install leadflow[nightly] and the system's libgomp if you want them"
        if why
        else "can be trained: LightGBM loads",
    )


def _clock(_: Settings) -> Iterable[Finding]:
    now = time.time()
    newest = max((path.stat().st_mtime for path in ROOT.glob("*.*")), default=now)
    wrong = now < BUILT_SINCE or newest - now > 86_400
    shown = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    yield Finding("clock", shown, "set the clock: files here are newer than it says" if wrong else "")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


CHECKS: tuple[Callable[[Settings], Iterable[Finding]], ...] = (
    _python, _lock, _disk, _memory, _write_permission, _clock, _port, _node, _front_end, _engines, _external,
    _mail, _trees,
)  # fmt: skip
