"""Each kind of notification: who hears of what, in which words, and that nobody hears of their own deeds."""

from datetime import timedelta
from uuid import UUID

import pytest

from leadflow import leads, notifications, tasks
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.leads import CaptureLead, RecordBehaviour
from leadflow.routing.commands import Pool
from leadflow.routing.reassigning import service as reassigning
from leadflow.routing.reassigning.commands import Reassign
from leadflow.tasks import ChangeTask, CreateTask
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import fold
from tests.notifications.desk import give, happen, heard, items, lines, me, note, tell, unread


@pytest.fixture
async def lead(office: App, clock: FixedClock, floor: Floor) -> UUID:
    """Ben's, of which everybody has heard already."""
    lead = await given_to(office, floor, floor.ben, "Grace")
    await tell(office, floor.ada)
    async with office.work(floor.ben) as work:
        await notifications.mark_all_read(work)
    return lead


async def news(app: App, floor: Floor, who: str) -> list[str]:
    await tell(app, floor.ada)
    return await lines(app, getattr(floor, who), is_unread=True)


class TestAssigned:
    async def test_by_somebody_else(self, office: App, floor: Floor, lead: UUID) -> None:
        await give(office, floor.ada, lead, floor.cleo)
        assert await news(office, floor, "cleo") == ["Ada gave you Grace"]
        assert (await items(office, floor.cleo))[0]["href"] == f"/leads/{lead}"

    async def test_by_a_rule(self, office: App, clock: FixedClock, floor: Floor) -> None:
        lead = await given_to(office, floor, None, "Grace")
        await happen(office, floor.ada, Event("lead.assigned", lead, {"from": None, "to": str(me(floor.ada))}))
        assert await news(office, floor, "ada") == ["Grace was assigned to you"]

    async def test_taken_by_oneself_it_is_no_news(self, office: App, floor: Floor, lead: UUID) -> None:
        await give(office, floor.cleo, lead, floor.cleo)
        assert await news(office, floor, "cleo") == []

    async def test_many_at_once_are_one(self, office: App, clock: FixedClock, floor: Floor) -> None:
        several = [await given_to(office, floor, floor.ben, name) for name in ("Ada", "Grace", "Joan")]
        async with office.work(floor.ada) as work:
            command = Reassign(leads=tuple(several), to=Pool(people=(me(floor.cleo),)))
            await reassigning.reassign(work, command)
        [line] = await news(office, floor, "cleo")
        assert line.startswith("Ada gave you ")
        assert line.endswith(" and 2 more leads")
        assert (await items(office, floor.cleo))[0]["href"] == "/leads?owner=me"

    async def test_what_the_rules_deal_is_one_until_it_is_read(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        for name in ("Ada", "Grace"):
            lead = await given_to(office, floor, None, name)
            await happen(office, floor.ada, Event("lead.assigned", lead, {"to": str(me(floor.ada))}))
            await tell(office, floor.ada)
        assert await lines(office, floor.ada) == ["Grace and one more lead were assigned to you"]
        assert await unread(office, floor.ada) == 1


class TestMentioned:
    async def test_who_is_mentioned_reads_the_beginning_of_it(self, office: App, floor: Floor, lead: UUID) -> None:
        await note(office, floor.ben, lead, "@Cleo  can you\nlook at this? " + "long " * 60, floor.cleo)
        [line] = await news(office, floor, "cleo")
        assert line.startswith("Ben mentioned you on Grace: “@Cleo can you look at this? long")
        assert line.endswith("…”")
        assert await news(office, floor, "ada") == []

    async def test_twice_in_one_note_once(self, office: App, floor: Floor, lead: UUID) -> None:
        await note(office, floor.ben, lead, "@Cleo and @Cleo", floor.cleo, floor.cleo)
        assert len(await news(office, floor, "cleo")) == 1

    async def test_oneself_is_no_news(self, office: App, floor: Floor, lead: UUID) -> None:
        await note(office, floor.ben, lead, "@Ben remember", floor.ben)
        assert await news(office, floor, "ben") == []

    async def test_only_people_of_the_organization(
        self, office: App, floor: Floor, lead: UUID, mallory: Member
    ) -> None:
        async with office.work(floor.ben) as work:
            for stranger in (new_id(), me(mallory)):
                with pytest.raises(Invalid):
                    await leads.log_activity(
                        work, lead, leads.LogActivity(kind="note", text="hi", mentions=(stranger, me(floor.cleo)))
                    )
            assert work.events == []


async def test_became_hot(office: App, floor: Floor, lead: UUID) -> None:
    await happen(office, floor.ada, Event("lead.became_hot", lead, {"score": 90}))
    assert await news(office, floor, "ben") == ["Grace became hot"]
    assert await news(office, floor, "ada") == []


async def test_late_and_then_too_late_are_one(office: App, floor: Floor, lead: UUID) -> None:
    told = {"owner": str(me(floor.ben)), "name": "Ben", "due_at": "2026-03-02T10:00:00+00:00"}
    await happen(office, floor.ada, Event("lead.reminded", lead, told))
    assert await news(office, floor, "ben") == ["Grace is still waiting for you"]
    await happen(office, floor.ada, Event("lead.breached", lead, told))
    assert await news(office, floor, "ben") == ["Nobody got in touch with Grace in time"]


async def test_came_back(office: App, floor: Floor, lead: UUID) -> None:
    async with office.work(system_scope(floor.ada.organization_id)) as work:
        kinds = ("email_replied", "page_viewed", "email_replied", "meeting_booked")
        await leads.record_behaviour(work, [RecordBehaviour(kind=kind, lead_id=lead) for kind in kinds])
    assert sorted(await news(office, floor, "ben")) == ["Grace booked a meeting", "Grace replied to an e-mail twice"]
    async with office.work(floor.ada) as work:
        await leads.capture(work, CaptureLead(email="grace@lead.example"))
    assert "Grace came in again" in await news(office, floor, "ben")


class TestTaskGiven:
    async def test_by_somebody_else(self, office: App, floor: Floor, lead: UUID) -> None:
        async with office.work(floor.ada) as work:
            await tasks.create(work, CreateTask(title="Call Grace", lead=lead, assignee=me(floor.ben)))
        async with office.work(floor.ben) as work:
            own = await tasks.create(work, CreateTask(title="Own"))
        assert await news(office, floor, "ben") == ["Ada gave you a task: “Call Grace”"]
        async with office.work(floor.ben) as work:
            await tasks.change(work, own, ChangeTask(title="Still own"))
        async with office.work(floor.ada) as work:
            await tasks.create(work, CreateTask(title="Write", assignee=me(floor.ben)))
        assert await news(office, floor, "ben") == ["Ada gave you 2 tasks"]

    async def test_with_a_lead_it_is_the_lead_that_is_told(self, office: App, floor: Floor, lead: UUID) -> None:
        async with office.work(floor.ben) as work:
            await tasks.create(work, CreateTask(title="Call", lead=lead))
        await give(office, floor.ada, lead, floor.cleo)
        await fold(office, floor.ada.organization_id, "tasks", "notifications")
        assert await lines(office, floor.cleo) == ["Ada gave you Grace"]

    async def test_a_title_that_is_somebody_elses_now_is_not_told(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        async with office.work(floor.ada) as work:
            task = await tasks.create(work, CreateTask(title="Secret", assignee=me(floor.ben)))
        assert await news(office, floor, "ben") == ["Ada gave you a task: “Secret”"]
        async with office.work(floor.ada) as work:
            await tasks.change(work, task, ChangeTask(assignee=me(floor.nora)))
        assert await news(office, floor, "ben") == ["Ada gave you a task"]


async def test_an_import_is_told_to_whose_it_is(office: App, clock: FixedClock, floor: Floor) -> None:
    told = {"import_id": "1", "filename": "fair.csv", "created": 1200, "joined": 3, "rejected": 1}
    await happen(office, floor.ada, Event("import.finished", None, {**told, "by": str(me(floor.cleo))}))
    assert await heard(office, floor.cleo) == ["fair.csv is imported: 1,200 new, 3 known, 1 not understood"]
    await happen(office, floor.ada, Event("import.finished", None, {**told, "by": None}))
    await happen(office, floor.ada, Event("import.finished", None, {**told, "by": str(me(floor.ben))}))
    assert await heard(office, floor.ben) == [], "who may not import any more"


async def test_an_alarm_is_for_those_who_may_change_settings(office: App, clock: FixedClock, floor: Floor) -> None:
    await happen(office, floor.ada, Event("scoring.alarm_raised", None, {"cause": "silence:page_viewed"}))
    assert await heard(office, floor.ada) == ["A behaviour that scores count on has stopped coming"]
    assert await heard(office, floor.cleo) == []


async def test_history_is_told_to_nobody(office: App, clock: FixedClock, floor: Floor, lead: UUID) -> None:
    old = clock.now() - timedelta(hours=25)
    await happen(office, floor.ada, Event("lead.became_hot", lead, {"score": 90}, occurred_at=old))
    assert await news(office, floor, "ben") == []
