"""A projection that can be watched, and writers that are slow on purpose."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import Ring
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from workers.shift import end

NEVER = 3600.0


class Crash(Exception):
    """A fold that dies in the middle."""


@dataclass
class Copying:
    """A projection whose effect is in the log itself: one "copied.<name>" event for each event that it folds."""

    app: App
    name: str
    kinds: tuple[str, ...] = ("test.",)
    batch: int = 500
    patient: frozenset[str] = frozenset()
    before: Callable[[Work, Sequence[RecordedEvent]], object] | None = None
    after: list[object] = field(default_factory=list)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        if self.before:
            outcome = self.before(work, events)
            if asyncio.iscoroutine(outcome):
                await outcome
        work.record_all(
            Event(f"copied.{self.name}", data={"kind": event.kind, "id": str(event.id)}) for event in events
        )
        if self.after:
            raise self.after.pop()  # type: ignore[misc]

    def projector(self) -> Projector:
        projection = Projection(self.name, self.kinds, self.fold, batch=self.batch, patient=self.patient)
        return Projector(self.app.database, projection, frozenset(SYSTEM_PERMISSIONS))

    async def copied(self, organization_id: UUID) -> list[str]:
        """The kinds that have been folded, in the order in which that was committed."""
        async with self.app.work(system_scope(organization_id)) as work:
            rows = await work.session.execute(
                text("SELECT data ->> 'kind' FROM event WHERE kind = :kind ORDER BY xid, seq"),
                {"kind": f"copied.{self.name}"},
            )
            return list(rows.scalars())


async def happen(app: App, organization_id: UUID, *kinds: str) -> None:
    async with app.work(system_scope(organization_id)) as work:
        work.record_all(Event(kind) for kind in kinds)


async def begin(work: Work) -> None:
    """Become a writing transaction: from here on, this one is older than those that begin later."""
    await work.session.execute(text("SELECT pg_current_xact_id()"))


async def write_event(work: Work, kind: str) -> None:
    """Take the next place in the sequence now, long before the commit."""
    await work.session.execute(
        text("INSERT INTO event (id, organization_id, kind, occurred_at) VALUES (:id, :o, :kind, now())"),
        {"id": new_id(), "o": work.organization_id, "kind": kind},
    )


@asynccontextmanager
async def running(projector: Projector, poll_s: float) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.run(poll_s))
    try:
        yield
    finally:
        await end([task])


async def organization(app: App) -> UUID:
    organization_id = new_id()
    async with app.work(system_scope(organization_id)) as work:
        await work.session.execute(text("INSERT INTO organization (id) VALUES (:id)"), {"id": organization_id})
    return organization_id


async def has(copying: Copying, organization_id: UUID, number: int) -> bool:
    return len(await copying.copied(organization_id)) >= number


async def happen_and_ring(app: App, organization_id: UUID, kind: str) -> Ring:
    async with app.work(system_scope(organization_id)) as work:
        work.record(Event(kind))
        await begin(work)
        xid = (await work.session.execute(text("SELECT pg_current_xact_id()::text::bigint"))).scalar_one()
    return Ring(organization_id, xid, (), has_events=True, kinds=(kind,))


async def readable(projector: Projector, rings: Sequence[Ring]) -> bool:
    return await projector._horizon() > max(ring.xid for ring in rings)


async def nothing() -> list[UUID]:
    return []


def without_sweep(copying: Copying) -> Projector:
    """It learns from the bell alone."""
    projector = copying.projector()
    projector.backlog = nothing  # type: ignore[method-assign]
    return projector
