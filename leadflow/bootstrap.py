"""The one place where ports meet adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from leadflow.audit import chain
from leadflow.audit.projection import Audit
from leadflow.enrichment.ports import MxResolver
from leadflow.infra.app import App
from leadflow.infra.db import Database
from leadflow.infra.dns import DnsMxResolver
from leadflow.infra.doorbell import RateLimiter, RedisDoorbell
from leadflow.infra.logging import configure_logging
from leadflow.infra.mail import mailer
from leadflow.intelligence import projection as intelligence
from leadflow.kernel.clock import Clock
from leadflow.kernel.errors import Permanent
from leadflow.kernel.projection import Projection
from leadflow.notifications import projection as notifications
from leadflow.routing import projection as routing
from leadflow.scoring import projection as scoring
from leadflow.scoring.monitoring import projection as monitoring
from leadflow.scoring.repository import signer
from leadflow.settings import Settings
from leadflow.tasks import projection as tasks

__all__ = ["App", "build"]


@asynccontextmanager
async def build(settings: Settings, *, clock: Clock | None = None, turns: int | None = None) -> AsyncIterator[App]:
    """The application, wired; closes what it opened. With `turns`, so many short units of work go at the same time.

    Raises:
        Permanent: an address or the secret key is not configured.

    """
    missing = [
        name
        for name, value in (
            ("DATABASE_URL", settings.database_url),
            ("REDIS_URL", settings.redis_url),
            ("LEADFLOW_SECRET_KEY", settings.secret_key.get_secret_value()),
        )
        if not value
    ]
    if missing:
        raise Permanent(f"Set {', '.join(missing)}, or use `leadflow up`, which brings its own engines.")
    configure_logging(json=settings.log_json, level=settings.log_level)
    doorbell = RedisDoorbell(settings.redis_url)
    limiter = RateLimiter(settings.redis_url)
    database = Database(settings.database_url, doorbell, clock=clock, turns=turns)
    try:
        mail = mailer(settings, database)
        yield App(settings, database, doorbell, limiter, _projections(settings), _mx(settings), mail)
    finally:
        await database.close()
        await limiter.close()
        await doorbell.close()


def _projections(settings: Settings) -> tuple[Projection, ...]:
    """Every reader of the log; the order is the order in which a worker starts them."""
    secret = settings.secret_key.get_secret_value()
    audit = Audit(chain.signer(secret))
    return (
        scoring.Scoring(signer(secret)).projection(),
        routing.PROJECTION,
        monitoring.PROJECTION,
        audit.projection(),
        intelligence.PROJECTION,
        tasks.PROJECTION,
        notifications.PROJECTION,
    )


def _mx(settings: Settings) -> MxResolver:
    return DnsMxResolver([server.strip() for server in settings.dns_servers.split(",") if server.strip()])
