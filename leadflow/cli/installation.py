"""Which installation a command works on: where its home is, and how its PostgreSQL and Redis are reached."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.engine import make_url

import leadflow
from leadflow.infra.embedded import EmbeddedEngines, EngineError, Urls
from leadflow.infra.progress import Step
from leadflow.infra.supervisor import HomeLock
from leadflow.settings import Settings

ROOT = Path(leadflow.__file__).resolve().parents[1]


def read_settings(*, port: int | None = None, host: str | None = None) -> Settings:
    """The environment's settings with the command line's on top; the home does not depend on where one stands."""
    settings = Settings()
    given = {name: value for name, value in {"port": port, "host": host}.items() if value is not None}
    settings = settings.model_copy(update={**given, "home": (ROOT / settings.home).resolve()})
    if "public_url" not in settings.model_fields_set:
        settings = settings.model_copy(update={"public_url": f"http://localhost:{settings.port}"})
    return settings


def embedded_engines(settings: Settings) -> EmbeddedEngines | None:
    """The engines that the settings do not point elsewhere for."""
    if settings.database_url and settings.redis_url:
        return None
    return EmbeddedEngines(settings.home, with_postgres=not settings.database_url, with_redis=not settings.redis_url)


def reached_by(settings: Settings, engines: EmbeddedEngines | None, urls: Urls) -> Settings:
    """The settings with the addresses and the key of the embedded engines filled in."""
    found = {name: value for name, value in vars(urls).items() if value}
    if engines is not None and not settings.secret_key.get_secret_value():
        found["secret_key"] = SecretStr(engines.secrets.secret_key)
    return settings.model_copy(update=found)


def prepare_database(settings: Settings) -> None:
    """Roles and database where an administrator's address is known, then the schema; all of it safe to repeat."""
    from leadflow.infra import provision

    migrator_url = settings.migrator_database_url or settings.database_url
    with Step("preparing the database") as step:
        if settings.admin_database_url:
            app, migrator = make_url(settings.database_url), make_url(migrator_url)
            if not (app.database and app.password and migrator.password):
                raise EngineError("DATABASE_URL and LEADFLOW_MIGRATOR_DATABASE_URL must name a database and passwords.")
            step.detail = "roles"
            provision.provision(
                settings.admin_database_url,
                database=app.database,
                app_password=str(app.password),
                migrator_password=str(migrator.password),
            )
        step.detail = "schema"
        provision.migrate(migrator_url)


@contextmanager
def installation() -> Iterator[Settings]:
    """For one command: the running installation where there is one, else its engines for as long as the block runs."""
    settings = read_settings()
    engines = embedded_engines(settings)
    if engines is None:
        yield settings
    elif urls := engines.attach():
        yield reached_by(settings, engines, urls)
    else:
        lock = HomeLock(settings.home)
        try:
            ready = reached_by(settings, engines, engines.start())
            prepare_database(ready)
            yield ready
        finally:
            engines.stop()
            lock.release()


def environment_of(settings: Settings) -> dict[str, str]:
    """What a child process needs to serve this installation; neither migrator's nor administrator's address."""
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "LEADFLOW_ADMIN_DATABASE_URL": "",
        "LEADFLOW_HOST": settings.host,
        "LEADFLOW_HOME": str(settings.home),
        "LEADFLOW_MAIL_CATCHER": str(settings.mail_catcher),
        "LEADFLOW_MIGRATOR_DATABASE_URL": "",
        "LEADFLOW_PORT": str(settings.port),
        "LEADFLOW_PUBLIC_URL": settings.public_url,
        "LEADFLOW_SECRET_KEY": settings.secret_key.get_secret_value(),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
