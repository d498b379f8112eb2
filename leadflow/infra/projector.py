"""Runs projections: reads each organization's log in order, folds a batch, moves the cursor, commits."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from sqlalchemy import Row, text

from leadflow.infra.db import Database
from leadflow.infra.pace import Pace
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.live import Ring
from leadflow.kernel.projection import Projection
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work

log = structlog.get_logger(__name__)

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.001, 0.032
"""Between looks at whether the transactions older than a commit have ended."""
FAILURE_PAUSE_S = 1.0
REST, ALLOWANCE_S = 3.0, 0.5
"""A batch is followed by another after this many times what it took, on average and once so much of it is owed."""

_OPEN_CURSOR = text("""
    INSERT INTO projection_cursor (organization_id, projection) VALUES (:organization_id, :projection)
    ON CONFLICT DO NOTHING
""")
# Where a cursor has just been moved by somebody else, this sees the place that it was moved to, and no event beyond its
# own horizon: so it reads none twice.
_READ = text("""
    WITH place AS MATERIALIZED (
        SELECT xid, seq FROM projection_cursor
        WHERE organization_id = :organization_id AND projection = :projection FOR UPDATE SKIP LOCKED
    )
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, unread.*
    FROM place LEFT JOIN LATERAL (
        SELECT e.seq, e.xid::text::bigint AS xid, e.id, e.kind, e.lead_id, e.actor_kind, e.actor_id, e.occurred_at,
               e.recorded_at, e.source, e.data
        FROM event e
        WHERE e.organization_id = :organization_id AND (e.xid, e.seq) > (place.xid, place.seq)
          AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
          AND (e.kind = ANY(:exact) OR split_part(e.kind, '.', 1) = ANY(:nouns))
        ORDER BY e.xid, e.seq LIMIT :limit
    ) unread ON true
    ORDER BY unread.xid, unread.seq
""")
_MOVE_CURSOR = text("""
    UPDATE projection_cursor SET xid = CAST(CAST(:xid AS text) AS xid8), seq = :seq
    WHERE organization_id = :organization_id AND projection = :projection
""")
_PASS_OVER = text("""
    UPDATE projection_cursor c SET xid = CAST(CAST(:horizon AS text) AS xid8), seq = 0
    WHERE c.organization_id = :organization_id AND c.projection = :projection AND (
        SELECT true FROM event e WHERE e.organization_id = :organization_id AND (e.xid, e.seq) > (c.xid, c.seq)
          AND e.xid < CAST(CAST(:horizon AS text) AS xid8)
        ORDER BY e.xid, e.seq LIMIT 1
    )
""")
_BACKLOG = text("SELECT projection_backlog(:projection, 200)")
_XMIN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _recorded(row: Row) -> RecordedEvent:  # type: ignore[type-arg]  # rows of a textual statement
    return RecordedEvent(*row[1:])


class Projector:
    """Drives one projection. Any number may run, in any number of processes: a cursor row is locked by one."""

    def __init__(self, database: Database, projection: Projection, permissions: frozenset[str]) -> None:
        self.database = database
        self.projection = projection
        self.permissions = permissions
        self._rung: dict[UUID, int] = {}
        self._bell = asyncio.Event()
        self._is_early = False
        """The last try found less than was rung: an older transaction goes on."""
        self._failed: dict[UUID, float] = {}
        self._pace = Pace(ALLOWANCE_S)
        kinds = projection.kinds
        self._exact = [kind for kind in kinds if not kind.endswith(".")]
        self._nouns = [kind[:-1] for kind in kinds if kind.endswith(".")]

    def ring(self, ring: Ring) -> None:
        """A commit may have events for us that cannot wait for the sweep."""
        if ring.has_events and (ring.kinds is None or any(map(self.projection.hurries, ring.kinds))):
            self._rung[ring.organization_id] = max(ring.xid, self._rung.get(ring.organization_id, 0))
            self._bell.set()

    async def run(self, poll_s: float = 1.0) -> None:
        """Fold for ever: at once when rung, and every `poll_s` seconds for whatever the bell did not tell."""
        swept = -poll_s
        pause_s = SHORTEST_PAUSE_S
        while True:
            try:
                if time.monotonic() - swept >= poll_s:
                    swept = time.monotonic()
                    for organization_id in await self.backlog():
                        await self._serve(organization_id)
                began = time.monotonic()
                if await self._answer():
                    pause_s = SHORTEST_PAUSE_S
                    await asyncio.sleep(self._pace.pause(REST * (time.monotonic() - began)))
                await self._rest(pause_s, swept + poll_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Exception:
                log.exception("projection.failed", projection=self.projection.name)
                await asyncio.sleep(FAILURE_PAUSE_S)

    async def _answer(self) -> bool:
        """Fold what has been rung and can be read: a commit's events are readable once every older transaction has
        ended. Returns whether there was any.

        They nearly always are when the bell is heard, so the first look is a try; whoever tried too early asks first.
        """
        self._bell.clear()
        if not self._rung:
            return False
        horizon = await self._horizon() if self._is_early else math.inf
        readable = {organization_id: xid for organization_id, xid in self._rung.items() if xid < horizon}
        self._is_early = not readable
        for organization_id, xid in readable.items():
            if self._rung[organization_id] == xid:  # else it has rung again while others were served
                del self._rung[organization_id]
            reached = await self._serve(organization_id)
            if reached is not None and reached <= xid:
                self._rung[organization_id] = max(xid, self._rung.get(organization_id, 0))
                self._is_early = True
        return bool(readable) and not self._is_early

    async def _serve(self, organization_id: UUID) -> int | None:
        """A failure is the organization's own: it is logged and tried again after a pause, and the others go on.

        Returns the horizon up to which everything has been read; None where that is left to the sweep, or to another
        worker that has the cursor.
        """
        if time.monotonic() < self._failed.get(organization_id, 0.0) + FAILURE_PAUSE_S:
            return None
        try:
            _, horizon = await self._catch_up(organization_id)
        except Exception:
            log.exception("projection.failed", projection=self.projection.name, organization_id=str(organization_id))
            self._failed[organization_id] = time.monotonic()
            return None
        self._failed.pop(organization_id, None)
        return horizon

    async def _rest(self, pause_s: float, until: float) -> None:
        if self._rung:
            await asyncio.sleep(pause_s)
            return
        with suppress(TimeoutError):
            # Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with the bell.
            async with asyncio.timeout(max(until - time.monotonic(), 0.001)):
                await self._bell.wait()

    async def _horizon(self) -> int:
        return int((await self.database.ask(_XMIN, {})).scalar_one())

    async def backlog(self) -> Sequence[UUID]:
        return (await self.database.ask(_BACKLOG, {"projection": self.projection.name})).scalars().all()

    async def catch_up(self, organization_id: UUID) -> int:
        """Fold everything readable of one organization; returns how many events were read."""
        read, _ = await self._catch_up(organization_id)
        return read

    async def _catch_up(self, organization_id: UUID) -> tuple[int, int | None]:
        total = 0
        while True:
            read, horizon = await self.step(organization_id)
            total += read
            if read < self.projection.batch:
                return total, horizon

    async def step(self, organization_id: UUID) -> tuple[int, int | None]:
        """One batch, one transaction: how many events, and the horizon below which they were looked for."""
        scope = Scope(organization_id, Actor(ActorKind.SYSTEM), self.permissions)
        async with self.database.work(scope, derives=True) as work:
            place = {"organization_id": organization_id, "projection": self.projection.name}
            rows = await self._read(work, place)
            if not rows:
                return 0, None
            horizon = rows[0].horizon
            events = [_recorded(row) for row in rows if row.seq is not None]
            if events:
                await self.projection.fold(work, events)
            # Below the horizon everything has been looked at, also what this projection does not want.
            if len(events) == self.projection.batch:
                work.session.execute_last(_MOVE_CURSOR, {**place, "xid": events[-1].xid, "seq": events[-1].seq})
            elif events:
                work.session.execute_last(_MOVE_CURSOR, {**place, "xid": horizon, "seq": 0})
            else:
                work.session.execute_last(_PASS_OVER, {**place, "horizon": horizon})
        return len(events), horizon

    async def _read(self, work: Work, place: Mapping[str, object]) -> Sequence[Row]:  # type: ignore[type-arg]  # textual
        """The next events, and how far everything can be read, in at least one row. The cursor is ours until this
        commits; none at all while another worker has it.
        """
        values = {**place, "limit": self.projection.batch, "exact": self._exact, "nouns": self._nouns}
        rows = (await work.session.execute(_READ, values)).all()
        if not rows:
            await work.session.execute(_OPEN_CURSOR, place)
            rows = (await work.session.execute(_READ, values)).all()
        return rows
