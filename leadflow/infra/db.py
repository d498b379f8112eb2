"""The unit of work on PostgreSQL: the only place that sets the tenant, writes the log and commits."""

import math
import select
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any
from uuid import UUID

import orjson
from psycopg import Error as DriverError
from psycopg.types.json import set_json_loads
from sqlalchemy import TextClause, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.event import listens_for
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from leadflow.infra import arrays
from leadflow.infra.session import Found, TextSession
from leadflow.infra.turnstile import Turnstile
from leadflow.kernel.clock import Clock, SystemClock
from leadflow.kernel.errors import Transient
from leadflow.kernel.events import Event
from leadflow.kernel.live import MAX_NAMED_LEADS, TASKS, Doorbell, Ring, news_of
from leadflow.kernel.scope import Actor, Scope
from leadflow.kernel.work import Asked, Work

_SET_TENANT = "SELECT set_config('app.organization_id', %s, true)"
_SET_TENANT_DERIVING = (
    "SELECT set_config('app.organization_id', %s, true), set_config('synchronous_commit', 'off', true)"
)
_ONLY_READ = "SELECT set_config('app.organization_id', %s, true), set_config('transaction_read_only', 'on', true)"

_STREAM = (
    "SELECT set_config('app.organization_id', %s, true), set_config('transaction_read_only', 'on', true),"
    " set_config('TimeZone', %s, true)"
)

# Many rows travel as one JSON text: psycopg quotes each element of a text array in Python, which costs more than
# everything else here together (measured: a third of the time of a scoring batch).
_APPENDED = """
    appended AS (
        INSERT INTO event (id, organization_id, kind, lead_id, actor_kind, actor_id, occurred_at, source, data)
        SELECT e.id, :organization_id, e.kind, e.lead_id, e.actor_kind, e.actor_id, e.occurred_at, e.source, e.data
        FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS (
            id uuid, kind text, lead_id uuid, actor_kind text, actor_id uuid, occurred_at timestamptz, source text,
            data jsonb
        )) WITH ORDINALITY AS e (id, kind, lead_id, actor_kind, actor_id, occurred_at, source, data, place)
        ORDER BY e.place
    )
"""

# An absorbing job is locked until this commits: were it run before, it would not see what this transaction wrote, and
# nobody would come back for that. Ordered, so that two transactions with the same jobs wait and do not embrace.
_ENQUEUED = """
    enqueued AS (
        INSERT INTO job (organization_id, id, queue, kind, dedupe_key, payload, run_at)
        SELECT DISTINCT ON (j.kind, j.dedupe_key)
               :organization_id, j.id, j.queue, j.kind, j.dedupe_key, j.payload, coalesce(j.run_at, now())
        FROM json_to_recordset(CAST(:jobs AS json)) AS j (
            id uuid, queue text, kind text, dedupe_key text, payload jsonb, run_at timestamptz)
        ORDER BY j.kind, j.dedupe_key
        ON CONFLICT (organization_id, kind, dedupe_key) WHERE state = 'ready'
            DO UPDATE SET run_at = least(job.run_at, excluded.run_at)
    )
"""
_APPEND = text(f"WITH {_APPENDED} SELECT pg_current_xact_id()::text::bigint")
_ENQUEUE = text(f"WITH {_ENQUEUED} SELECT pg_current_xact_id()::text::bigint")
_APPEND_AND_ENQUEUE = text(f"WITH {_APPENDED}, {_ENQUEUED} SELECT pg_current_xact_id()::text::bigint")

LAST_USE = "leadflow.last_use"
FRESH_S = 1.0
"""A connection that has been idle for longer is tried before it is used: the server may have been started anew."""
QUIET_NOUNS = ("behaviour.", TASKS)
"""Events that say what a lead did elsewhere, or is to be done about it: they add to its timeline and leave its row as
it is.
"""

_COLLISIONS = frozenset({"40P01", "40001", "55P03"})

_OWN_XID = text("SELECT pg_current_xact_id_if_assigned()::text::bigint")


arrays.register()
set_json_loads(orjson.loads)
"""For `jsonb` in textual statements, which psycopg reads itself: three times as fast as the standard library."""


def dumps(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return orjson.dumps(value).decode()


class LoggedWork(Work):
    """A unit of work whose events go to the log."""

    told = 0
    """So many of the events are written."""

    @property
    def untold(self) -> Sequence[tuple[Event, Actor]]:
        """The events that nothing has written yet."""
        return self.events[self.told :]

    def telling(self) -> list[Asked]:
        asked: list[Asked] = [(_APPEND, _appended(self))] if self.untold else []
        self.told = len(self.events)
        return asked


class Database:
    """Opens units of work on one engine and rings the doorbell after each commit."""

    def __init__(
        self,
        url: str,
        doorbell: Doorbell,
        *,
        clock: Clock | None = None,
        pool_size: int = 10,
        turns: int | None = None,
    ) -> None:
        self._turnstile = Turnstile(turns) if turns else None
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_use_lifo=True,  # the connection used last has its plans and pages at hand
            json_serializer=dumps,
            json_deserializer=orjson.loads,
        )
        _try_idle_connections(self.engine)
        self.doorbell = doorbell
        self.clock: Clock = clock or SystemClock()

    async def close(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def work(self, scope: Scope, *, derives: bool = False) -> AsyncIterator[Work]:
        """One transaction of one organization. Leaving the block commits rows, events and jobs together.

        What only `derives` from the log does not wait for the disk: when the server dies at this moment, the place in
        the log is lost together with all that came of it, and it is derived again. Whatever somebody else commits
        because of it carries it to the disk first.

        Raises:
            Transient: it collided with another transaction (deadlock or serialization failure); nothing is changed.

        """
        opening = (_SET_TENANT_DERIVING if derives else _SET_TENANT, [str(scope.organization_id)])
        try:
            async with self._turn(), TextSession(self.engine, opening) as session:
                work = LoggedWork(session, scope, self.clock)
                yield work
                ring = await _commit(session, work)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in _COLLISIONS:
                raise Transient("Two changes were made at the same moment; this one was not. Try again.") from error
            raise
        if ring:
            await self.doorbell.ring(ring)
        due = {job.queue.value for job in work.jobs if job.run_at is None or job.run_at <= self.clock.now()}
        if due:
            await self.doorbell.wake(sorted(due))

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Work]:
        """For what only reads, in textual statements: each is asked and ended in one round trip.

        PostgreSQL refuses to write in it. What two statements see may differ, as it may in `work`.
        """
        opening = (_ONLY_READ, [str(scope.organization_id)])
        async with self._turn(), TextSession(self.engine, opening, autocommit=True) as session:
            work = Work(session, scope, self.clock)
            yield work
            if work.events or work.jobs or work.is_news:
                raise TypeError("Nothing can be recorded in a unit of work that only reads.")

    @asynccontextmanager
    async def streaming(self, scope: Scope, zone: str) -> AsyncIterator[Work]:
        """For one long answer, in times of `zone`. It writes nothing, so it holds back no reader of the log."""
        async with TextSession(self.engine, (_STREAM, [str(scope.organization_id), zone])) as session:
            yield Work(session, scope, self.clock)

    @asynccontextmanager
    async def across(self) -> AsyncIterator[AsyncSession]:
        """A transaction without a tenant: sees no tenant's rows, and may call the functions that cross tenants."""
        async with self._turn(), TextSession(self.engine) as session:
            yield session
            await session.commit()

    async def ask(self, question: TextClause, values: Mapping[str, object]) -> Found:
        """One statement of that kind, committed in the same round trip."""
        async with self._turn(), TextSession(self.engine, autocommit=True) as session:
            found: Found = await session.execute(question, values)
            return found

    def _turn(self) -> AbstractAsyncContextManager[object]:
        return self._turnstile.turn() if self._turnstile else nullcontext()


async def _commit(session: TextSession, work: LoggedWork) -> Ring | None:
    """Write what was buffered and commit, in one round trip; returns what is to be told about it."""
    if session.is_mapping and (session.new or session.dirty or session.deleted):
        await session.flush()
    last = _last_words(work, is_needed=work.is_news or bool(work.told) or session.has_last)
    if last is None:
        await session.commit()
        return None
    xid = (await session.commit_with(*last)).scalar()
    return _ring(work, int(xid)) if xid is not None and (work.events or work.is_news) else None


def _last_words(work: LoggedWork, *, is_needed: bool) -> tuple[TextClause, Mapping[str, object]] | None:
    """The statement with which everything buffered is written; its one value is the transaction's id."""
    if work.untold and work.jobs:
        return _APPEND_AND_ENQUEUE, {**_appended(work), **_enqueued(work)}
    if work.untold:
        return _APPEND, _appended(work)
    if work.jobs:
        return _ENQUEUE, _enqueued(work)
    return (_OWN_XID, {}) if is_needed else None


def _ring(work: Work, xid: int) -> Ring:
    changed, noted = set(work.touched), set(work.noted)
    for event, _ in work.events:
        if event.lead_id:
            (noted if event.kind.startswith(QUIET_NOUNS) else changed).add(event.lead_id)
    kinds = tuple({event.kind for event, _ in work.events})
    news = news_of((event for event, _ in work.events), work.notified)
    return Ring(work.organization_id, xid, _named(changed), bool(work.events), kinds, _named(noted - changed), news)


def _named(leads: set[UUID]) -> tuple[UUID, ...] | None:
    return tuple(leads) if len(leads) <= MAX_NAMED_LEADS else None


def _try_idle_connections(engine: AsyncEngine) -> None:
    """Like `pool_pre_ping`, without its round trip for connections that were in use a moment ago."""
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @listens_for(pool, "checkin")
    def note(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[LAST_USE] = time.monotonic()

    @listens_for(pool, "checkout")
    def attempt(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - record.info.get(LAST_USE, math.inf) < FRESH_S and not _was_spoken_to(connection):
            return
        try:
            dialect.do_ping(connection)
        except DriverError as error:
            raise InvalidatePoolError from error


def _was_spoken_to(connection: DBAPIConnection) -> bool:
    """Whether the server has said something while nobody asked: nearly always that it ends the connection."""
    socket = select.poll()
    socket.register(connection.driver_connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))


def _appended(work: LoggedWork) -> Mapping[str, object]:
    """Events for the log, in the order in which they were recorded."""
    now = work.clock.now()
    rows = [
        {
            "id": event.id,
            "kind": event.kind,
            "lead_id": event.lead_id,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
            "occurred_at": event.occurred_at or now,
            "source": event.source,
            "data": event.data,
        }
        for event, actor in work.untold
    ]
    return {"organization_id": work.organization_id, "rows": dumps(rows)}


def _enqueued(work: Work) -> Mapping[str, object]:
    rows = [
        {
            "id": job.id,
            "queue": job.queue.value,
            "kind": job.kind,
            "dedupe_key": job.dedupe_key,
            "payload": job.payload,
            "run_at": job.run_at,
        }
        for job in work.jobs
    ]
    return {"organization_id": work.organization_id, "jobs": dumps(rows)}
