"""The engines of one home directory, and the addresses to reach them by."""

from dataclasses import dataclass
from pathlib import Path

from leadflow.infra.embedded.errors import EngineError
from leadflow.infra.embedded.postgres import Postgres
from leadflow.infra.embedded.redis_server import Redis
from leadflow.infra.embedded.secrets import Secrets, load_or_create

DATABASE = "leadflow"


@dataclass(frozen=True)
class Urls:
    """An address is empty when its engine is not embedded."""

    admin_database_url: str = ""
    migrator_database_url: str = ""
    database_url: str = ""
    redis_url: str = ""


class EmbeddedEngines:
    """For one caller at a time: who starts or stops them holds the lock of the home directory."""

    def __init__(
        self, home: Path, *, database: str = DATABASE, with_postgres: bool = True, with_redis: bool = True
    ) -> None:
        self.home = home.resolve()
        self.database = database
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.secrets: Secrets = load_or_create(self.home)
        except OSError as error:
            raise EngineError(
                f"Cannot write to {self.home} ({error.strerror}): set LEADFLOW_HOME to a directory of yours."
            ) from error
        logs = self.home / "logs"
        self.postgres = (
            Postgres(self.home / "pg", logs / "postgres.log", self.secrets.postgres) if with_postgres else None
        )
        self.redis = Redis(self.home / "redis", logs / "redis.log", self.secrets.redis) if with_redis else None

    def start(self) -> Urls:
        try:
            for _, engine in self._engines():
                engine.start()
        except BaseException:
            self.stop()
            raise
        return self.urls()

    def attach(self) -> Urls | None:
        """The addresses of engines that another process keeps running; None unless all of them do."""
        return self.urls() if all(engine.attach() for _, engine in self._engines()) else None

    def urls(self) -> Urls:
        postgres = self.postgres
        return Urls(
            admin_database_url=postgres.url("postgres") if postgres else "",
            migrator_database_url=self._database_url("leadflow_migrator", self.secrets.migrator),
            database_url=self._database_url("leadflow_app", self.secrets.app),
            redis_url=self.redis.url if self.redis else "",
        )

    def heal(self) -> list[str]:
        """Start again whatever has died; names what it was."""
        died = [(name, engine) for name, engine in self._engines() if not engine.is_running()]
        before = self.urls()
        for name, engine in died:
            engine.start()
            if self.urls() != before:
                raise EngineError(f"{name} came back on another port: start LeadFlow again.")
        return [name for name, _ in died]

    def stop(self) -> None:
        for _, engine in self._engines():
            engine.stop()

    def _engines(self) -> list[tuple[str, Postgres | Redis]]:
        engines: list[tuple[str, Postgres | Redis | None]] = [("Redis", self.redis), ("PostgreSQL", self.postgres)]
        return [(name, engine) for name, engine in engines if engine is not None]

    def _database_url(self, user: str, password: str) -> str:
        return self.postgres.url(self.database, user, password) if self.postgres else ""
