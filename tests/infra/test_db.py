"""The unit of work: rows, events and jobs together, or not at all."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import col, select

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.jobs import Job, Queue
from leadflow.kernel.live import MAX_NAMED_LEADS
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads.models import Stage
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser
from tests.infra.bells import Bell

ROWS = text("SELECT count(*) FROM idempotency_key WHERE key = :key")
EVENTS = text("SELECT kind, actor_kind, actor_id, lead_id FROM event WHERE kind LIKE 'test.%' ORDER BY seq")
JOBS = text("SELECT count(*) FROM job WHERE kind = 'test.job'")


class Broken(Exception):
    """Something in the middle of a use case."""


@pytest.fixture
def scope() -> Scope:
    """Somebody of an organization of which nothing is known."""
    return Scope(new_id(), Actor(ActorKind.PERSON, new_id()), frozenset())


async def write_a_row(work: Work, key: str = "a row") -> None:
    await work.session.execute(
        text("INSERT INTO idempotency_key (organization_id, key, status) VALUES (:o, :key, 0)"),
        {"o": work.organization_id, "key": key},
    )


def job(name: str = "one", queue: Queue = Queue.LEARNING) -> Job:
    return Job("test.job", {}, name, queue)


async def stored(database: Database, scope: Scope) -> tuple[int, int, int]:
    """How many rows, events and jobs there are."""
    async with database.work(scope) as work:
        rows = (await work.session.execute(ROWS, {"key": "a row"})).scalar_one()
        events = len((await work.session.execute(EVENTS)).all())
        return rows, events, (await work.session.execute(JOBS)).scalar_one()


class TestTogether:
    async def test_rows_events_and_jobs_are_there_once_the_block_is_left(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
            work.record(Event("test.happened"))
            work.enqueue(job())
        assert await stored(single, scope) == (1, 1, 1)

    async def test_an_error_takes_everything_back_and_nobody_is_rung(
        self, single: Database, scope: Scope, bell: Bell
    ) -> None:
        with pytest.raises(Broken):
            async with single.work(scope) as work:
                await write_a_row(work)
                work.record(Event("test.happened", new_id()))
                work.enqueue(job())
                raise Broken
        assert await stored(single, scope) == (0, 0, 0)
        assert (bell.rung, bell.woken) == ([], [])

    async def test_an_event_that_cannot_be_written_takes_the_rows_back(
        self, single: Database, scope: Scope, bell: Bell
    ) -> None:
        with pytest.raises(DBAPIError):
            async with single.work(scope) as work:
                await write_a_row(work)
                work.record(Event("test.happened"))
                work.record(Event("test.unwritable", data={"text": "\x00"}))
                work.enqueue(job())
        assert await stored(single, scope) == (0, 0, 0)
        assert bell.rung == []

    async def test_a_job_that_cannot_be_written_takes_rows_and_events_back(
        self, single: Database, scope: Scope
    ) -> None:
        with pytest.raises(DBAPIError):
            async with single.work(scope) as work:
                await write_a_row(work)
                work.record(Event("test.happened"))
                work.enqueue(Job("test.job", {"text": "\x00"}, "one"))
        assert await stored(single, scope) == (0, 0, 0)

    async def test_nothing_is_seen_from_outside_before_the_commit(
        self, single: Database, quiet: App, scope: Scope
    ) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
            work.record(Event("test.happened"))
            await work.session.flush()
            assert await stored(quiet.database, scope) == (0, 0, 0)
        assert await stored(quiet.database, scope) == (1, 1, 0)


class TestEvents:
    async def test_they_keep_the_order_of_recording_and_their_author(self, single: Database, scope: Scope) -> None:
        cleo = Actor(ActorKind.PERSON, new_id())
        async with single.work(scope) as work:
            work.record(Event("test.first"))
            with work.acting_as(cleo):
                work.record_all([Event("test.second"), Event("test.third")])
            work.record(Event("test.fourth"))
        async with single.work(scope) as work:
            events = (await work.session.execute(EVENTS)).all()
        assert [event.kind for event in events] == ["test.first", "test.second", "test.third", "test.fourth"]
        assert [event.actor_id for event in events] == [scope.actor.id, cleo.id, cleo.id, scope.actor.id]

    async def test_somebody_elses_name_is_given_back_even_after_an_error(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            with pytest.raises(Broken), work.acting_as(Actor(ActorKind.SYSTEM)):
                raise Broken
            work.record(Event("test.happened"))
        async with single.work(scope) as work:
            (event,) = (await work.session.execute(EVENTS)).all()
        assert event.actor_id == scope.actor.id


class TestBell:
    async def test_it_rings_after_the_commit(self, single: Database, quiet: App, scope: Scope, bell: Bell) -> None:
        seen: list[tuple[int, int, int]] = []

        async def look() -> None:
            seen.append(await stored(quiet.database, scope))

        bell.on_ring = look
        async with single.work(scope) as work:
            await write_a_row(work)
            work.record(Event("test.happened"))
        assert seen == [(1, 1, 0)]

    async def test_it_says_whose_commit_it_was_which_leads_changed_and_as_which_transaction(
        self, single: Database, scope: Scope, bell: Bell
    ) -> None:
        named, touched = new_id(), new_id()
        async with single.work(scope) as work:
            work.record(Event("test.happened", named))
            work.touch([touched])
        assert bell.last.organization_id == scope.organization_id
        assert set(bell.last.leads or ()) == {named, touched}
        assert bell.last.has_events
        async with single.work(scope) as work:
            xid = (await work.session.execute(text("SELECT xid::text::bigint FROM event"))).scalar_one()
        assert bell.last.xid == xid

    async def test_too_many_leads_are_not_named(self, single: Database, scope: Scope, bell: Bell) -> None:
        async with single.work(scope) as work:
            work.record_all([Event("test.happened", new_id()) for _ in range(MAX_NAMED_LEADS + 1)])
        assert bell.last.leads is None

    async def test_a_touched_lead_rings_without_an_event(self, single: Database, scope: Scope, bell: Bell) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
            work.touch([new_id()])
        assert not bell.last.has_events

    async def test_looking_rings_nobody(self, single: Database, scope: Scope, bell: Bell) -> None:
        await stored(single, scope)
        assert (bell.rung, bell.woken) == ([], [])

    async def test_each_queue_is_woken_once(self, single: Database, scope: Scope, bell: Bell) -> None:
        async with single.work(scope) as work:
            for name in ("one", "two", "three"):
                work.enqueue(job(name))
            work.enqueue(job("four", Queue.INTERACTIVE))
        assert bell.woken == ["interactive", "learning"]


class TestOneTransactionOneTenant:
    """The pool has one connection here, so that every block gets the one that the block before it used."""

    async def visible(self, database: Database) -> int:
        async with database.across() as session:
            return int((await session.execute(text("SELECT count(*) FROM idempotency_key"))).scalar_one())

    async def test_the_tenant_ends_with_the_commit(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        assert await self.visible(single) == 0

    async def test_the_tenant_ends_with_the_rollback(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        with pytest.raises(Broken):
            async with single.work(scope):
                raise Broken
        assert await self.visible(single) == 0

    async def test_the_next_tenant_sees_only_its_own(self, single: Database, scope: Scope) -> None:
        other = system_scope(UUID(int=scope.organization_id.int ^ 1))
        async with single.work(scope) as work:
            await write_a_row(work)
        assert await stored(single, other) == (0, 0, 0)
        assert await stored(single, scope) == (1, 0, 0)

    async def test_the_setting_itself_is_empty_between_blocks(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        async with single.across() as session:
            left = await session.execute(text("SELECT current_setting('app.organization_id', true)"))
            assert left.scalar_one() in {"", None}


class TestWhateverComesFirst:
    """The tenant is set before anything else in a transaction, however that reaches the database."""

    async def mine(self, database: Database, scope: Scope) -> int:
        async with database.work(scope) as work:
            return int((await work.session.execute(ROWS, {"key": "a row"})).scalar_one())

    async def test_a_textual_statement(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        assert await self.mine(single, scope) == 1

    async def test_a_mapped_object_that_is_written(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            work.session.add(Stage(organization_id=scope.organization_id, key="first", name="First", kind="open"))
        async with single.work(scope) as work:
            assert (await work.session.execute(select(col(Stage.key)))).scalars().all() == ["first"]

    async def test_a_mapped_query_and_then_a_textual_one(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        async with single.work(scope) as work:
            assert (await work.session.execute(select(col(Stage.key)))).scalars().all() == []
            assert (await work.session.execute(ROWS, {"key": "a row"})).scalar_one() == 1

    async def test_the_bare_connection(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            await write_a_row(work)
        async with single.work(scope) as work:
            raw = await (await work.session.connection()).get_raw_connection()
            assert raw.driver_connection is not None
            cursor = await raw.driver_connection.execute("SELECT count(*) FROM idempotency_key")
            assert await cursor.fetchone() == (1,)

    async def test_nothing_but_an_event(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            work.record(Event("test.happened"))
        assert (await stored(single, scope))[1] == 1

    async def test_a_first_statement_that_fails_says_why_and_leaves_the_connection_usable(
        self, single: Database, scope: Scope
    ) -> None:
        with pytest.raises(DBAPIError, match="no_such_table"):
            async with single.work(scope) as work:
                await work.session.execute(text("SELECT * FROM no_such_table"))
        async with single.work(scope) as work:
            await write_a_row(work)
        assert await self.mine(single, scope) == 1


async def test_a_connection_that_the_server_has_ended_a_moment_ago_is_not_used_again(quiet: App, ada: Member) -> None:
    pids = text("SELECT pg_backend_pid()")
    async with quiet.work(ada) as work:
        pid = (await work.session.execute(pids)).scalar_one()
    with as_superuser(quiet.settings) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    async with quiet.work(ada) as work:
        assert (await work.session.execute(pids)).scalar_one() != pid


async def test_a_server_that_is_not_there_is_told_as_any_other_failure(quiet: App, ada: Member) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:9/none", Bell())
    question = text("SELECT 1")
    with pytest.raises(OperationalError):
        await away.ask(question, {})
    for opens in (away.work, away.reading):
        with pytest.raises(OperationalError):
            async with opens(ada) as work:
                await work.session.execute(question)
    with pytest.raises(OperationalError):
        async with away.work(ada) as work:
            await work.session.get(Stage, (ada.organization_id, "new"))
    await away.close()
