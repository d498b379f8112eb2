"""Everything on one machine: engines, front end, web, worker and, for the demo, a company that lives."""

import json
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import Annotated

import typer

from leadflow.cli.installation import (
    ROOT,
    embedded_engines,
    environment_of,
    prepare_database,
    reached_by,
    read_settings,
)
from leadflow.cli.serve import Host, Port
from leadflow.infra import frontend, serving
from leadflow.infra.embedded import Urls
from leadflow.infra.progress import Step, say
from leadflow.infra.supervisor import HomeLock, Supervisor
from leadflow.settings import Settings

READY_SECONDS = 120.0
SEED_SECONDS = 1800.0
SEED = "seed"
CREDENTIALS = "demo.json"
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - recognised, not bound


class PortBusy(RuntimeError):
    """The web port is taken; the message says what to do."""


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(demo)


def up(port: Port = None, host: Host = None) -> None:
    """Run LeadFlow here: PostgreSQL and Redis (embedded unless DATABASE_URL is set), web and worker."""
    _run(read_settings(port=port, host=host), [])


def demo(
    port: Port = None,
    host: Host = None,
    days: Annotated[int, typer.Option(help="Days of history at the first start.", min=0, max=90)] = 14,
    speed: Annotated[float, typer.Option(help="Pace of the live traffic.", min=0.1, max=100)] = 1.0,
) -> None:
    """Run LeadFlow with a demo organization: two weeks of history, then live traffic."""
    command = [sys.executable, "-m", "leadflow.cli"]
    _run(
        # A demo is for looking into, its mail too, wherever it runs; its passwords are on the screen anyway.
        read_settings(port=port, host=host).model_copy(update={"mail_catcher": True}),
        [*command, "simulate", "--speed", str(speed)],
        [*command, "seed-demo", "--days", str(days)],
    )


def _run(settings: Settings, traffic: list[str], seed: list[str] | None = None) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with ExitStack() as stack:
        lock = HomeLock(settings.home)
        stack.callback(lock.release)
        engines = embedded_engines(settings)
        supervisor = Supervisor(settings.home, cwd=ROOT, heal=engines.heal if engines else None)
        for name in supervisor.clear_previous_run():
            say(f"  stopped {name}, left over from a run that was killed")
        _require_free(settings)
        frontend.ensure(ROOT, settings.home)
        if engines:
            stack.callback(engines.stop)
        stack.callback(supervisor.listen_for_signals)
        settings = reached_by(settings, engines, engines.start() if engines else Urls())
        prepare_database(settings)
        stack.callback(_farewell, supervisor)
        _serve(supervisor, settings, traffic, seed)


def _serve(supervisor: Supervisor, settings: Settings, traffic: list[str], seed: list[str] | None) -> None:
    environment = environment_of(settings)
    web = {**environment, **serving.production_environment(settings)}
    supervisor.add("web", serving.web_command(settings), web)
    if not seed:
        supervisor.add("worker", serving.worker_command(), environment)
    else:
        # Before the worker: telling history in step with it, the two would wait for each other's rows.
        supervisor.add(SEED, seed, environment, once=True)
        supervisor.log(SEED).unlink(missing_ok=True)
    supervisor.listen_for_signals()
    supervisor.start()
    with Step("starting web and worker"):
        ready = supervisor.wait_until_ready(_answers(settings), seconds=READY_SECONDS)
    if ready and seed:
        _wait_for_seed(supervisor)
        supervisor.add("worker", serving.worker_command(), environment)
        supervisor.add("simulate", traffic, environment)
        supervisor.start()
    if not supervisor.is_stopping:
        _welcome(settings, with_people=seed is not None)
    supervisor.run()


def _wait_for_seed(supervisor: Supervisor) -> None:
    with Step("preparing the demo organization") as step:

        def is_done() -> bool:
            step.detail = supervisor.tail(SEED, 1)[:70]
            return supervisor.has_ended(SEED)

        supervisor.wait_until_ready(is_done, seconds=SEED_SECONDS)


def _welcome(settings: Settings, *, with_people: bool) -> None:
    say(f"\n  LeadFlow is ready: {settings.public_url}\n")
    if with_people:
        _show_people(settings)
    if settings.catches_mail:
        say(f"  Mail is kept instead of being sent; owners and admins read it: {settings.public_url}/mail-catcher\n")
    say(f"  Logs: {settings.home / 'logs'}   Stop: Ctrl-C\n")


def _show_people(settings: Settings) -> None:
    people: list[dict[str, str]] = json.loads((settings.home / CREDENTIALS).read_text())
    widths = [max(len(person[key]) for person in people) for key in ("role", "email")]
    for person in people:
        say(f"    {person['role']:{widths[0]}}  {person['email']:{widths[1]}}  password {person['password']}")
    say("")


def _answers(settings: Settings) -> Callable[[], bool]:
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    address = f"http://{host}:{settings.port}/api/health/ready"

    def answers() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                return bool(response.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    return answers


def _require_free(settings: Settings) -> None:
    if not is_port_free(settings.host, settings.port):
        other = next(port for port in range(settings.port + 1, 65536) if is_port_free(settings.host, port))
        raise PortBusy(
            f"Port {settings.port} is in use by another program: stop that one, or take another port, "
            f"for example `make demo PORT={other}` or `leadflow up --port {other}`."
        )


def is_port_free(host: str, port: int) -> bool:
    """Whether we can listen there, and whether a browser that is told `localhost` will find us and nobody else."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    places = [(family, host)]
    if socket.has_ipv6 and host in ("127.0.0.1", "localhost"):
        places.append((socket.AF_INET6, "::1"))
    return all(_can_listen(family, address, port) for family, address in places)


def _can_listen(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        return family == socket.AF_INET6 and address == "::1" and "in use" not in str(error)
    return True


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _farewell(supervisor: Supervisor) -> None:
    say("\n  Stopping …")
    supervisor.stop()
