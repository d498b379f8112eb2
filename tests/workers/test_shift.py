"""Worker processes as they are deployed: what people see of a lead after it has come in, and nothing left undone."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.hub import Hub
from leadflow.kernel.errors import Permanent
from leadflow.kernel.jobs import Job, Queue
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, CloseLead, RecordBehaviour
from leadflow.leads.jobs import ENRICH
from leadflow.leads.queries import detail
from leadflow.settings import Settings
from leadflow.tenancy.permissions import Role
from tests.fixtures import cast
from tests.fixtures.cast import Company, found_company
from tests.fixtures.engines import Engines
from tests.fixtures.installation import NOT_FOR_LATER, as_superuser, installation, kill_redis, own_redis, worker
from tests.fixtures.patience import eventually
from tests.infra.screens import opened
from workers import handlers, jobs
from workers.shift import end


@pytest.fixture(scope="module")
async def on_duty(premises: App) -> AsyncIterator[asyncio.subprocess.Process]:
    async with worker(premises.settings) as process:
        yield process


@pytest.fixture
async def northwind(premises: App) -> Company:
    return await cast.northwind(premises)


async def capture(app: App, scope: Scope, **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(**fields))).lead_id


async def look(app: App, scope: Scope, lead_id: UUID) -> dict[str, Any]:
    async with app.work(scope) as work:
        return await detail(work, lead_id)


async def kinds(app: App, scope: Scope, lead_id: UUID) -> Counter[str]:
    async with app.work(scope) as work:
        rows = await work.session.execute(text("SELECT kind FROM event WHERE lead_id = :id"), {"id": lead_id})
        return Counter(rows.scalars())


async def is_settled(app: App, scope: Scope) -> bool:
    """Every lead is looked up, assigned and scored, and no job waits."""
    async with app.work(scope) as work:
        undone = await work.session.execute(
            text(f"""
                SELECT (SELECT count(*) FROM lead l WHERE l.owner_id IS NULL OR l.facts = '{{}}'
                           OR NOT EXISTS (SELECT 1 FROM lead_score s WHERE s.lead_id = l.id))
                     + (SELECT count(*) FROM job WHERE state <> 'done' AND {NOT_FOR_LATER})
            """)
        )
        return undone.scalar_one() == 0


def jobs_of(app: App, organization_id: UUID) -> Counter[str]:
    with as_superuser(app.settings) as admin:
        rows = admin.execute(
            f"SELECT state FROM job WHERE organization_id = %s AND {NOT_FOR_LATER}", (organization_id,)
        )
        return Counter(state for (state,) in rows)


class TestLifeOfALead:
    async def test_it_is_looked_up_assigned_and_scored(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        lead_id = await capture(
            premises, northwind.owner, email="ada@acme-robotics.example", phone="+4930901820", title="CEO"
        )
        await eventually(lambda: is_settled(premises, northwind.owner))
        lead = await look(premises, northwind.owner, lead_id)
        assert lead["owner"] == str(northwind.rep.actor.id)
        assert (lead["country"], lead["facts"]["email_kind"]["value"]) == ("DE", "business")
        assert lead["score"] > 15
        assert lead["reason"]
        told = await kinds(premises, northwind.owner, lead_id)
        assert told["lead.captured"] == told["lead.assigned"] == told["lead.enriched"] == 1
        assert jobs_of(premises, northwind.owner.organization_id) == {"done": 1}

    async def test_what_it_does_moves_its_score_and_every_board(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        ada = northwind.owner
        lead_id = await capture(premises, ada, email="ada@acme.example")
        await eventually(lambda: is_settled(premises, ada))
        before = (await look(premises, ada, lead_id))["score"]
        async with Hub(premises, premises.doorbell).running() as hub, opened(hub, northwind.manager) as screen:
            board = await screen.sees()
            async with premises.work(ada) as work:
                await leads.record_behaviour(work, [RecordBehaviour(kind="demo_requested", lead_id=lead_id)])
            await eventually(lambda: board.rows[str(lead_id)]["reason"] == "Requested a demo")
            assert board.rows[str(lead_id)]["score"] > before

    async def test_an_outcome_is_learned_from(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        lead_id = await capture(premises, northwind.owner, email="ada@acme.example")
        async with premises.work(northwind.owner) as work:
            await leads.close(work, lead_id, CloseLead(outcome="won"))

        async def wins() -> float:
            async with premises.work(northwind.owner) as work:
                found = await work.session.execute(
                    text("SELECT (state #>> '{models,mix,wins}')::float FROM model_snapshot")
                )
                return float(found.scalar_one_or_none() or 0)

        await eventually(wins)

    async def test_mallorys_leads_are_mallorys(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        mallory, mia = await found_company(premises, "Rival", ("Mallory", Role.OWNER), ("Mia", Role.REP))
        ours = await capture(premises, northwind.owner, email="ada@acme.example")
        hers = await capture(premises, mallory, email="ada@acme.example")
        for scope in (northwind.owner, mallory):
            await eventually(lambda scope=scope: is_settled(premises, scope))
        assert (await look(premises, northwind.owner, ours))["owner"] == str(northwind.rep.actor.id)
        assert (await look(premises, mallory, hers))["owner"] == str(mia.actor.id)


class TestShifts:
    async def test_two_workers_do_nothing_twice_and_leave_nothing_undone(
        self, premises: App, on_duty: asyncio.subprocess.Process
    ) -> None:
        names = ("Ben", "Bea", "Bob")
        ada, *reps = await found_company(
            premises, "Northwind", ("Ada", Role.OWNER), *((name, Role.REP) for name in names)
        )
        async with worker(premises.settings):
            ids = [await capture(premises, ada, email=f"p{number}@acme{number}.example") for number in range(40)]
            await eventually(lambda: is_settled(premises, ada))
        for lead_id in ids:
            told = await kinds(premises, ada, lead_id)
            assert told["lead.captured"] == told["lead.assigned"] == told["lead.enriched"] == 1, told
        owners = Counter([(await look(premises, ada, lead_id))["owner"] for lead_id in ids])
        assert set(owners) == {str(rep.actor.id) for rep in reps}
        assert max(owners.values()) - min(owners.values()) <= 1

    async def test_one_organizations_broken_model_stops_nobody_else(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        broken = (await cast.northwind(premises)).owner
        lead_id = await capture(premises, broken, email="ada@acme.example")
        async with premises.work(broken) as work:
            await leads.close(work, lead_id, CloseLead(outcome="won"))
        await eventually(lambda: is_settled(premises, broken))

        def tampered() -> bool:
            """Once the win is learned: what is learned while we write would be written over it."""
            with as_superuser(premises.settings) as admin:
                done = admin.execute(
                    "UPDATE model_snapshot SET signature = 'forged' "
                    "WHERE organization_id = %s AND (state #>> '{models,mix,wins}')::float8 >= 1",
                    (broken.organization_id,),
                )
                return done.rowcount == 1

        await eventually(tampered)
        other = await capture(premises, broken, email="grace@acme.example")
        fine = await capture(premises, northwind.owner, email="ada@acme.example")
        await eventually(lambda: is_settled(premises, northwind.owner))
        assert (await look(premises, northwind.owner, fine))["score"] > 0
        assert (await kinds(premises, broken, other))["lead.scored"] == 0

    async def test_a_job_that_nobody_knows_fails_where_people_see_it(
        self, premises: App, northwind: Company, on_duty: asyncio.subprocess.Process
    ) -> None:
        async with premises.work(northwind.owner) as work:
            work.enqueue(Job("nobody.knows", {}, "one", Queue.SYNC))
        await eventually(lambda: jobs_of(premises, northwind.owner.organization_id)["failed"] == 1)

    async def test_told_to_stop_it_ends_its_work_and_goes(self, engines: Engines, tmp_path: Path) -> None:
        async with installation(engines, tmp_path) as app:
            ada = (await cast.northwind(app)).owner
            async with worker(app.settings) as process:
                await capture(app, ada, email="ada@acme.example")
                await eventually(lambda: is_settled(app, ada))
                process.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(process.wait(), 40) == 0
            assert jobs_of(app, ada.organization_id) == {"done": 1}

    async def test_a_duty_that_did_not_hear_is_told_again(self) -> None:
        async def hard_of_hearing() -> None:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)
            await asyncio.sleep(3600)

        duties = [asyncio.create_task(hard_of_hearing()), asyncio.create_task(asyncio.sleep(3600))]
        await asyncio.sleep(0)
        await asyncio.wait_for(end(duties, every_s=0.01), 10)
        assert all(duty.cancelled() for duty in duties)

    async def test_without_redis_everything_is_done_a_little_later(self, engines: Engines, tmp_path: Path) -> None:
        with own_redis(tmp_path) as redis:
            async with installation(engines, tmp_path, redis_url=redis.url) as app:
                ada = (await cast.northwind(app)).owner
                kill_redis(redis)
                async with worker(app.settings):
                    lead_id = await capture(app, ada, email="ada@acme.example")
                    await eventually(lambda: is_settled(app, ada))
                    assert (await look(app, ada, lead_id))["score"] > 0

    async def test_a_worker_that_cannot_reach_the_database_waits_for_it(
        self, premises: App, settings: Settings, northwind: Company
    ) -> None:
        """The database is not there yet when the container starts: the process stays, and says so."""
        away = settings.model_copy(update={"database_url": "postgresql+psycopg://leadflow_app:x@127.0.0.1:1/nowhere"})
        async with worker(replace(premises, settings=away).settings) as process:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(process.wait(), 3)


class TestHandlers:
    def test_what_leads_ask_for_is_known(self) -> None:
        assert ENRICH in handlers.all_handlers()

    def test_two_files_cannot_claim_the_same_kind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "another.py").write_text(f"HANDLERS = {{{ENRICH!r}: None}}\n")
        monkeypatch.setattr(jobs, "__path__", [*jobs.__path__, str(tmp_path)])
        with pytest.raises(Permanent, match=ENRICH):
            handlers.all_handlers()
