"""Several statements in one round trip: in order, all or none, each of the organization's own."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.kernel.events import Event
from leadflow.kernel.jobs import Job, Queue
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Asked, Work
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.infra.bells import Bell
from tests.infra.log.reading import organization
from tests.infra.test_db import job, scope, stored

__all__ = ["scope"]

NUMBER = text("SELECT CAST(:number AS int)")
COUNT = text("SELECT count(*) FROM idempotency_key")
WRONG = text("SELECT 1 / (CAST(:number AS int) - CAST(:number AS int))")
SEEN = text("SELECT id FROM organization")
DISK = text("SELECT current_setting('synchronous_commit')")


def writing(work: Work, key: str) -> Asked:
    statement = text("INSERT INTO idempotency_key (organization_id, key, status) VALUES (:o, :key, 0) RETURNING key")
    return statement, {"o": work.organization_id, "key": key}


class TestAtOnce:
    async def test_each_sees_what_those_before_it_did_and_gets_its_own_answer(
        self, single: Database, scope: Scope
    ) -> None:
        for _ in range(8):  # from the sixth time on they are prepared
            async with single.work(scope) as work:
                found = await work.session.execute_all(
                    (COUNT, {}), writing(work, "one"), (COUNT, {}), writing(work, "two"), (COUNT, {})
                )
                assert [each.scalar_one() for each in found] == [0, "one", 1, "two", 2]
                await work.session.rollback()

    async def test_nobody_else_is_asked(self, quiet: App) -> None:
        ours, theirs = await organization(quiet), await organization(quiet)
        for organization_id in (ours, theirs, ours):
            async with quiet.reading(system_scope(organization_id)) as work:
                found = await work.session.execute_all((SEEN, {}), (NUMBER, {"number": 1}), (SEEN, {}))
                assert [each.scalar_one() for each in found] == [organization_id, 1, organization_id]

    async def test_the_first_that_fails_ends_it_and_nothing_is_kept(self, single: Database, scope: Scope) -> None:
        with pytest.raises(DBAPIError, match="division by zero"):
            async with single.work(scope) as work:
                await work.session.execute_all(writing(work, "a row"), (WRONG, {"number": 1}), (NUMBER, {"number": 2}))
        assert await stored(single, scope) == (0, 0, 0)
        async with single.work(scope) as work:
            found = await work.session.execute_all((NUMBER, {"number": 3}), (NUMBER, {"number": 4}))
            assert [each.scalar_one() for each in found] == [3, 4]


class TestAtTheEnd:
    async def test_it_is_written_when_the_block_is_left(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            work.session.execute_last(*writing(work, "a row"))
            assert (await work.session.execute(COUNT)).scalar_one() == 0
        assert await stored(single, scope) == (1, 0, 0)

    async def test_it_is_written_with_events_and_jobs(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            work.session.execute_last(*writing(work, "a row"))
            work.record(Event("test.done"))
            work.enqueue(job())
        assert await stored(single, scope) == (1, 1, 1)

    async def test_it_is_not_written_when_the_block_fails(self, single: Database, scope: Scope) -> None:
        with pytest.raises(ZeroDivisionError):
            async with single.work(scope) as work:
                work.session.execute_last(*writing(work, "a row"))
                raise ZeroDivisionError
        assert await stored(single, scope) == (0, 0, 0)

    async def test_it_is_forgotten_with_what_is_undone(self, single: Database, scope: Scope) -> None:
        async with single.work(scope) as work:
            work.session.execute_last(*writing(work, "a row"))
            await work.session.rollback()
        assert await stored(single, scope) == (0, 0, 0)

    async def test_nothing_is_written_when_it_fails(self, single: Database, scope: Scope, bell: Bell) -> None:
        with pytest.raises(DBAPIError, match="division by zero"):
            async with single.work(scope) as work:
                work.session.execute_last(*writing(work, "a row"))
                work.session.execute_last(WRONG, {"number": 1})
                work.record(Event("test.done"))
        assert await stored(single, scope) == (0, 0, 0)
        assert not bell.rung

    async def test_what_only_reads_has_no_end(self, quiet: App, ada: Member) -> None:
        async with quiet.reading(ada) as work:
            with pytest.raises(TypeError):
                work.session.execute_last(NUMBER, {"number": 1})


class TestDisk:
    async def test_only_what_derives_does_not_wait_for_it(self, single: Database, scope: Scope) -> None:
        for derives, expected in ((True, "off"), (False, "on"), (True, "off")):
            async with single.work(scope, derives=derives) as work:
                assert (await work.session.execute(DISK)).scalar_one() == expected
        assert (await single.ask(DISK, {})).scalar_one() == "on"


async def test_only_what_is_due_wakes_a_worker(single: Database, scope: Scope, bell: Bell) -> None:
    async with single.work(scope) as work:
        work.enqueue(Job("test.job", {}, "later", Queue.LEARNING, run_at=work.clock.now() + timedelta(minutes=1)))
    assert not bell.woken
    async with single.work(scope) as work:
        work.enqueue(Job("test.job", {}, "past", Queue.LEARNING, run_at=work.clock.now() - timedelta(minutes=1)))
        work.enqueue(job("now", Queue.OUTREACH))
    assert bell.woken == ["learning", "outreach"]
