"""One process each: what a container runs, and what `up` runs side by side."""

import os
from typing import Annotated

import typer

from leadflow.cli.installation import (
    ROOT,
    embedded_engines,
    environment_of,
    installation,
    prepare_database,
    reached_by,
    read_settings,
)
from leadflow.infra import frontend, serving
from leadflow.infra.embedded import EngineError
from leadflow.infra.progress import say
from leadflow.settings import Settings

Port = Annotated[int | None, typer.Option("--port", envvar="PORT", help="Port to serve on.", min=1, max=65535)]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on.")]


def register(app: typer.Typer) -> None:
    app.command()(web)
    app.command()(worker)
    app.command()(migrate)
    app.command()(build)


def web(port: Port = None, host: Host = None) -> None:
    """Serve the web process alone; PostgreSQL and Redis must be there."""
    settings = _connected(read_settings(port=port, host=host))
    _become(serving.web_command(settings), {**environment_of(settings), **serving.production_environment(settings)})


def worker() -> None:
    """Run one worker alone; PostgreSQL and Redis must be there."""
    _become(serving.worker_command(), environment_of(_connected(read_settings())))


def migrate() -> None:
    """Create or repair the database roles, and bring the schema to the newest version."""
    settings = read_settings()
    if settings.database_url:
        prepare_database(settings)
    else:
        with installation() as ready:
            prepare_database(ready)


def build() -> None:
    """Build the front end, if what it is made of has changed."""
    built = frontend.ensure(ROOT, read_settings().home)
    say("The front end is built." if built else "The front end is current.")


def _connected(settings: Settings) -> Settings:
    engines = embedded_engines(settings)
    if engines is None:
        return settings
    urls = engines.attach()
    if urls is None:
        raise EngineError(
            "No database runs here: start everything with `leadflow up`, or set DATABASE_URL and REDIS_URL."
        )
    return reached_by(settings, engines, urls)


def _become(command: list[str], environment: dict[str, str]) -> None:
    """Replace this process, so that signals reach the server itself."""
    os.chdir(ROOT)
    os.execve(command[0], command, {**os.environ, **environment})  # noqa: S606 - without a shell is the point
