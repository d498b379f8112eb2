"""What a door is handed."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from leadflow.enrichment.ports import MxResolver
from leadflow.identity.ports import Mailer
from leadflow.infra.db import Database
from leadflow.infra.doorbell import RateLimiter, RedisDoorbell
from leadflow.kernel.clock import Clock
from leadflow.kernel.projection import Projection
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.settings import Settings


@dataclass(frozen=True, slots=True)
class App:
    """What a door is handed: it opens units of work, and knows the settings and the few shared services."""

    settings: Settings
    database: Database
    doorbell: RedisDoorbell
    limiter: RateLimiter
    projections: tuple[Projection, ...]
    mx: MxResolver
    mailer: Mailer

    @property
    def clock(self) -> Clock:
        return self.database.clock

    def work(self, scope: Scope) -> AbstractAsyncContextManager[Work]:
        """One transaction of one organization; leaving the block commits."""
        return self.database.work(scope)

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Work]:
        """For what only reads: one round trip for each textual statement."""
        return self.database.reading(scope)

    def streaming(self, scope: Scope, zone: str) -> AbstractAsyncContextManager[Work]:
        """For one long answer, in times of `zone`, that nobody keeps whole."""
        return self.database.streaming(scope, zone)

    def across(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction without a tenant, for the few functions that cross tenants."""
        return self.database.across()
