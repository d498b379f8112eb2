"""What we do with a lead, and what it does by itself."""

from datetime import timedelta
from typing import Any

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.ids import new_id
from leadflow.leads import Captured, RecordBehaviour
from leadflow.leads.errors import LeadNotFound
from tests.fixtures.cast import Member
from tests.fixtures.office import MONDAY
from tests.leads.desk import behave, capture, everything, kinds, log, look, touch, update


@pytest.fixture
async def lead(desk: App, ben: Member) -> Captured:
    return await capture(desk, ben, name="Ada", email="ada@acme.example", phone="+4930901820")


def milliseconds(clock: FixedClock) -> int:
    return int(clock.at.timestamp() * 1000)


class TestTouches:
    @pytest.mark.parametrize("kind", ["call", "email", "meeting"])
    async def test_reaching_out_stops_the_clock(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock, kind: str
    ) -> None:
        clock.at = MONDAY + timedelta(minutes=7)
        await touch(desk, ben, lead.lead_id, kind, text="hello", outcome="reached")
        assert (await look(desk, ben, lead.lead_id))["touched_at"] == milliseconds(clock)
        event = (await log(desk, ben, lead_id=lead.lead_id))[-1]
        assert (event.kind, event.actor_id) == (f"activity.{kind}", ben.actor.id)
        assert event.data == {"text": "hello", "outcome": "reached"}

    async def test_a_note_is_about_them_and_not_to_them(self, desk: App, ben: Member, lead: Captured) -> None:
        await touch(desk, ben, lead.lead_id, "note", text="looks promising")
        assert (await look(desk, ben, lead.lead_id))["touched_at"] is None
        assert (await kinds(desk, ben, lead.lead_id))[-1] == "activity.note"

    async def test_only_the_first_counts_and_an_earlier_one_told_later_is_earlier(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(hours=2)
        await touch(desk, ben, lead.lead_id, "call")
        first = milliseconds(clock)
        clock.at += timedelta(hours=1)
        await touch(desk, ben, lead.lead_id, "call")
        assert (await look(desk, ben, lead.lead_id))["touched_at"] == first
        await touch(desk, ben, lead.lead_id, "email", occurred_at=MONDAY + timedelta(hours=1))
        assert (await look(desk, ben, lead.lead_id))["touched_at"] == first - 3_600_000

    async def test_moving_it_on_is_working_on_it(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(minutes=5)
        await update(desk, ben, lead.lead_id, stage="contacted")
        assert (await look(desk, ben, lead.lead_id))["touched_at"] == milliseconds(clock)

    async def test_a_note_has_words(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await touch(desk, ben, lead.lead_id, "note", text="  ")
        assert [problem.field for problem in refused.value.problems] == ["text"]
        assert await everything(desk, ben) == before

    async def test_nobody_was_called_in_the_future(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await touch(desk, ben, lead.lead_id, "call", occurred_at=MONDAY + timedelta(hours=1))
        assert [problem.field for problem in refused.value.problems] == ["occurred_at"]
        assert await everything(desk, ben) == before

    async def test_a_viewer_and_mallory_touch_nothing(
        self, desk: App, ben: Member, viewer: Member, mallory: Member, lead: Captured
    ) -> None:
        before, hers = await everything(desk, ben), await everything(desk, mallory)
        with pytest.raises(Forbidden):
            await touch(desk, viewer, lead.lead_id, "call")
        with pytest.raises(LeadNotFound):
            await touch(desk, mallory, lead.lead_id, "call")
        assert await everything(desk, ben) == before
        assert await everything(desk, mallory) == hers


class TestBehaviour:
    @pytest.mark.parametrize("who", [{"email": " ADA@acme.example"}, {"phone": "+49 30 901820"}])
    async def test_the_lead_is_known_by_address_or_number(
        self, desk: App, ben: Member, lead: Captured, who: dict[str, str]
    ) -> None:
        assert await behave(desk, ben, "pricing_visited", data={"page": "/pricing"}, **who) == lead.lead_id
        event = (await log(desk, ben, lead_id=lead.lead_id))[-1]
        assert (event.kind, event.data) == ("behaviour.pricing_visited", {"page": "/pricing"})

    async def test_the_lead_is_known_by_its_id(self, desk: App, ben: Member, lead: Captured) -> None:
        when = MONDAY - timedelta(days=2)
        assert await behave(desk, ben, "custom_thing", lead_id=lead.lead_id, occurred_at=when) == lead.lead_id
        assert (await log(desk, ben, lead_id=lead.lead_id))[-1].occurred_at == when

    async def test_it_leaves_the_row_as_it_is(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await look(desk, ben, lead.lead_id)
        await behave(desk, ben, "page_viewed", lead_id=lead.lead_id)
        assert await look(desk, ben, lead.lead_id) == before

    async def test_an_address_decides_before_a_shared_number(self, desk: App, ben: Member, lead: Captured) -> None:
        grace = await capture(desk, ben, email="grace@acme.example")
        assert await behave(desk, ben, email="grace@acme.example", phone="+4930901820") == grace.lead_id

    async def test_many_at_once_are_told_in_order(self, desk: App, ben: Member, lead: Captured) -> None:
        names = ("page_viewed", "pricing_visited", "demo_requested")
        async with desk.work(ben) as work:
            commands = [RecordBehaviour(kind=name, lead_id=lead.lead_id) for name in names]
            assert await leads.record_behaviour(work, commands) == [lead.lead_id] * 3
        assert (await kinds(desk, ben, lead.lead_id))[1:] == [f"behaviour.{name}" for name in names]

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({}, "lead_id"),
            ({"email": "nobody"}, "lead_id"),
            ({"email": "ada@acme.example", "occurred_at": MONDAY + timedelta(hours=1)}, "occurred_at"),
            ({"email": "ada@acme.example", "data": {"nested": {"a": 1}}}, "custom.nested"),
        ],
    )
    async def test_bad_input_names_the_field_and_changes_nothing(
        self, desk: App, ben: Member, lead: Captured, fields: dict[str, Any], wrong: str
    ) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await behave(desk, ben, **fields)
        assert [problem.field for problem in refused.value.problems] == [wrong]
        assert await everything(desk, ben) == before

    async def test_one_bad_event_takes_the_others_back(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        with pytest.raises(LeadNotFound):
            async with desk.work(ben) as work:
                known, unknown = "ada@acme.example", "nobody@acme.example"
                await leads.record_behaviour(
                    work, [RecordBehaviour(kind="page_viewed", email=email) for email in (known, unknown)]
                )
        assert await everything(desk, ben) == before

    async def test_mallory_finds_nobody_by_id_address_or_number(
        self, desk: App, ben: Member, mallory: Member, lead: Captured
    ) -> None:
        before, hers = await everything(desk, ben), await everything(desk, mallory)
        for who in ({"lead_id": lead.lead_id}, {"email": "ada@acme.example"}, {"phone": "+4930901820"}):
            with pytest.raises(LeadNotFound):
                await behave(desk, mallory, **who)
        assert await everything(desk, ben) == before
        assert await everything(desk, mallory) == hers

    async def test_nobody_is_found_who_is_not_there(self, desk: App, ben: Member) -> None:
        for who in ({"lead_id": new_id()}, {"email": "nobody@acme.example"}):
            with pytest.raises(LeadNotFound):
                await behave(desk, ben, **who)

    async def test_a_viewer_tells_nothing(self, desk: App, viewer: Member, lead: Captured) -> None:
        with pytest.raises(Forbidden):
            await behave(desk, viewer, lead_id=lead.lead_id)
