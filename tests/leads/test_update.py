"""Changing a lead: facts, owner and stage, never over somebody else's change and never somebody else's lead."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.ids import new_id
from leadflow.leads import Captured
from leadflow.leads.errors import IdentityTaken, LeadChanged, LeadNotFound
from leadflow.leads.models import DEFAULT_STAGES, StageKind
from leadflow.views.queries import page
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Member
from tests.fixtures.office import MONDAY
from tests.leads.desk import capture, close, everything, kinds, log, look, update


@pytest.fixture
async def lead(desk: App, ben: Member) -> Captured:
    return await capture(desk, ben, name="Ada Lovelace", email="ada@acme.example", value=100_00)


class TestFacts:
    async def test_what_is_given_changes_and_the_rest_stays(self, desk: App, ben: Member, lead: Captured) -> None:
        await update(desk, ben, lead.lead_id, company="Acme", value=250_00, country="de")
        after = await look(desk, ben, lead.lead_id)
        expected = {"name": "Ada Lovelace", "company": "Acme", "value": 250_00, "country": "DE", "version": 2}
        assert after | expected == after

    async def test_the_log_tells_what_changed_but_no_name_address_or_number(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        await update(desk, ben, lead.lead_id, name="Ada King", email="ada@king.example", company="King")
        event = (await log(desk, ben, lead_id=lead.lead_id))[-1]
        assert (event.kind, event.actor_id) == ("lead.updated", ben.actor.id)
        assert event.data["changes"]["company"] == {"from": "", "to": "King"}
        assert {"name", "email"} <= set(event.data["changes"])
        assert not any(part in str(event.data) for part in ("Ada", "ada@", "acme.example"))

    async def test_saying_what_is_so_already_changes_nothing(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        await update(desk, ben, lead.lead_id, name="Ada Lovelace", stage="new", value=100_00, owner=None)
        assert await everything(desk, ben) == before

    async def test_null_empties_a_field(self, desk: App, ben: Member, lead: Captured) -> None:
        await update(desk, ben, lead.lead_id, company="Acme", owner=ben.actor.id)
        await update(desk, ben, lead.lead_id, company=None, owner=None, value=None)
        after = await look(desk, ben, lead.lead_id)
        assert (after["company"], after["owner"], after["value"]) == ("", None, 0)

    async def test_a_new_name_is_found_by_search(self, desk: App, ben: Member, lead: Captured) -> None:
        await update(desk, ben, lead.lead_id, name="Grace Hopper")
        async with desk.work(ben) as work:
            found = await page(work, LeadFilter(q="hopper"), Sort.NAME, None, 10)
        assert [row["id"] for row in found.items] == [str(lead.lead_id)]

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"email": "ada"}, "email"),
            ({"phone": "call me"}, "phone"),
            ({"name": None, "email": None}, "email"),
            ({"stage": "nowhere"}, "stage"),
            ({"owner": new_id()}, "owner"),
        ],
    )
    async def test_bad_input_names_the_field_and_changes_nothing(
        self, desk: App, ben: Member, lead: Captured, fields: dict[str, Any], wrong: str
    ) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await update(desk, ben, lead.lead_id, company="Acme", **fields)
        assert [problem.field for problem in refused.value.problems] == [wrong]
        assert await everything(desk, ben) == before


class TestIdentity:
    async def test_a_new_address_is_recognised_and_the_old_one_still_is(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        await update(desk, ben, lead.lead_id, email="ADA@King.example", phone="030 901820", country="DE")
        for who in ({"email": "ada@king.example"}, {"email": "ada@acme.example"}, {"phone": "+4930901820"}):
            assert (await capture(desk, ben, **who)).lead_id == lead.lead_id
        after = await look(desk, ben, lead.lead_id)
        assert (after["domain"], after["phone"]) == ("king.example", "+4930901820")

    async def test_somebody_elses_address_is_refused_and_nothing_changes(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        await capture(desk, ben, email="grace@acme.example", phone="+4930901820")
        before = await everything(desk, ben)
        for taken in ({"email": "Grace@acme.example"}, {"phone": "+49 30 901820"}):
            with pytest.raises(IdentityTaken) as refused:
                await update(desk, ben, lead.lead_id, name="Grace", **taken)
            assert [problem.field for problem in refused.value.problems] == list(taken)
        assert await everything(desk, ben) == before

    async def test_another_organizations_address_is_free_here(
        self, desk: App, ben: Member, mallory: Member, lead: Captured
    ) -> None:
        await capture(desk, mallory, email="grace@acme.example")
        await update(desk, ben, lead.lead_id, email="grace@acme.example")
        assert (await look(desk, ben, lead.lead_id))["email"] == "grace@acme.example"

    async def test_two_leads_that_want_the_same_address_at_once_do_not_both_get_it(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        other = await capture(desk, ben, name="Grace")
        results = await asyncio.gather(
            *(update(desk, ben, each.lead_id, email="new@acme.example") for each in (lead, other)),
            return_exceptions=True,
        )
        assert sorted(type(result) for result in results if result) == [IdentityTaken]


class TestConflicts:
    async def test_a_stale_version_is_refused_and_shows_how_it_stands_now(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, company="Acme", owner=cleo.actor.id, version=1)
        before = await everything(desk, ben)
        with pytest.raises(LeadChanged) as refused:
            await update(desk, ben, lead.lead_id, company="Other", version=1)
        expected = {
            "name": "Ada Lovelace", "company": "Acme", "owner": str(cleo.actor.id), "stage": "new", "value": 100_00,
            "email": "ada@acme.example", "version": (await look(desk, ben, lead.lead_id))["version"],
        }  # fmt: skip
        assert refused.value.current | expected == refused.value.current
        assert await everything(desk, ben) == before

    async def test_of_many_who_saw_the_same_version_one_wins(self, desk: App, ben: Member, lead: Captured) -> None:
        names = [f"Name {number}" for number in range(10)]
        results = await asyncio.gather(
            *(update(desk, ben, lead.lead_id, name=name, version=1) for name in names), return_exceptions=True
        )
        assert sum(result is None for result in results) == 1
        assert sum(isinstance(result, LeadChanged) for result in results) == 9
        winner = names[results.index(None)]
        assert (await look(desk, ben, lead.lead_id))["name"] == winner

    async def test_without_a_version_the_last_word_counts(self, desk: App, ben: Member, lead: Captured) -> None:
        await update(desk, ben, lead.lead_id, name="First")
        await update(desk, ben, lead.lead_id, name="Second")
        after = await look(desk, ben, lead.lead_id)
        assert (after["name"], after["version"]) == ("Second", 3)


class TestOwner:
    async def test_a_lead_is_handed_over_and_given_up(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, owner=ben.actor.id)
        await update(desk, cleo, lead.lead_id, owner=None)
        events = [event for event in await log(desk, ben, lead_id=lead.lead_id) if event.kind == "lead.assigned"]
        ben_id = str(ben.actor.id)
        assert [(event.data["from"], event.data["to"]) for event in events] == [(None, ben_id), (ben_id, None)]

    async def test_nobody_of_another_organization_can_own_it(
        self, desk: App, ben: Member, mallory: Member, lead: Captured
    ) -> None:
        with pytest.raises(Invalid):
            await update(desk, ben, lead.lead_id, owner=mallory.actor.id)
        assert (await look(desk, ben, lead.lead_id))["owner"] is None


class TestStages:
    async def test_a_move_is_told_with_where_from_and_where_to(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(hours=1)
        await update(desk, ben, lead.lead_id, stage="qualified")
        event = (await log(desk, ben, lead_id=lead.lead_id))[-1]
        assert (event.kind, event.data) == ("lead.stage_changed", {"from": "new", "to": "qualified"})
        after = await look(desk, ben, lead.lead_id)
        assert (after["stage"], after["stage_at"]) == ("qualified", int(clock.at.timestamp() * 1000))
        assert after["closed_at"] is None

    @pytest.mark.parametrize("start", [key for key, _, _ in DEFAULT_STAGES])
    @pytest.mark.parametrize("end", [key for key, _, _ in DEFAULT_STAGES])
    async def test_every_move_closes_reopens_or_goes_on(
        self, desk: App, ben: Member, lead: Captured, start: str, end: str
    ) -> None:
        kind = {key: kind for key, _, kind in DEFAULT_STAGES}
        await update(desk, ben, lead.lead_id, stage=start)
        told = await kinds(desk, ben, lead.lead_id)
        await update(desk, ben, lead.lead_id, stage=end)
        match kind[start], kind[end]:
            case _ if start == end:
                expected = []
            case _, StageKind.WON:
                expected = ["lead.won"]
            case _, StageKind.LOST:
                expected = ["lead.lost"]
            case StageKind.WON | StageKind.LOST, StageKind.OPEN:
                expected = ["lead.reopened"]
            case _:
                expected = ["lead.stage_changed"]
        assert (await kinds(desk, ben, lead.lead_id))[len(told) :] == expected
        after = await look(desk, ben, lead.lead_id)
        assert (after["closed_at"] is not None) == (kind[end] is not StageKind.OPEN)
        assert after["outcome"] == (kind[end].value if kind[end] is not StageKind.OPEN else None)


class TestOutcome:
    async def test_winning_says_why_how_much_and_when(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(days=3)
        await close(desk, ben, lead.lead_id, "won", value=900_00, reason="best offer")
        event = (await log(desk, ben, lead_id=lead.lead_id))[-1]
        assert event.kind == "lead.won"
        assert event.data == {"from": "new", "to": "won", "reason": "best offer", "value": 900_00}
        after = await look(desk, ben, lead.lead_id)
        expected = {"outcome": "won", "value": 900_00, "closed_at": int(clock.at.timestamp() * 1000)}
        assert after | expected == after

    async def test_the_same_outcome_again_changes_nothing(self, desk: App, ben: Member, lead: Captured) -> None:
        await close(desk, ben, lead.lead_id, "won", value=900_00)
        before = await everything(desk, ben)
        await close(desk, ben, lead.lead_id, "won", value=1_00, reason="again")
        assert await everything(desk, ben) == before

    async def test_a_lost_lead_that_buys_after_all_is_won(self, desk: App, ben: Member, lead: Captured) -> None:
        await close(desk, ben, lead.lead_id, "lost", reason="no budget")
        await close(desk, ben, lead.lead_id, "won")
        assert (await kinds(desk, ben, lead.lead_id))[1:] == ["lead.lost", "lead.won"]

    async def test_reopening_clears_the_end(self, desk: App, ben: Member, lead: Captured) -> None:
        await close(desk, ben, lead.lead_id, "lost")
        await update(desk, ben, lead.lead_id, stage="contacted")
        after = await look(desk, ben, lead.lead_id)
        assert (after["outcome"], after["closed_at"], after["stage"]) == (None, None, "contacted")
        assert (await kinds(desk, ben, lead.lead_id))[-1] == "lead.reopened"

    async def test_nothing_ends_in_the_future(self, desk: App, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await close(desk, ben, lead.lead_id, "won", occurred_at=MONDAY + timedelta(hours=1))
        assert [problem.field for problem in refused.value.problems] == ["occurred_at"]
        assert await everything(desk, ben) == before


class TestWalls:
    async def test_a_viewer_changes_nothing(self, desk: App, viewer: Member, ben: Member, lead: Captured) -> None:
        before = await everything(desk, ben)
        for attempt in (
            update(desk, viewer, lead.lead_id, name="Mine"),
            update(desk, viewer, lead.lead_id, stage="won"),
            update(desk, viewer, lead.lead_id, owner=viewer.actor.id),
            close(desk, viewer, lead.lead_id, "won"),
        ):
            with pytest.raises(Forbidden):
                await attempt
        assert await everything(desk, ben) == before

    async def test_to_mallory_it_does_not_exist(self, desk: App, mallory: Member, ben: Member, lead: Captured) -> None:
        before, hers = await everything(desk, ben), await everything(desk, mallory)
        for attempt in (
            update(desk, mallory, lead.lead_id, name="Mine"),
            close(desk, mallory, lead.lead_id, "won"),
            look(desk, mallory, lead.lead_id),
        ):
            with pytest.raises(LeadNotFound):
                await attempt
        assert await everything(desk, ben) == before
        assert await everything(desk, mallory) == hers

    async def test_a_lead_that_never_was_looks_the_same(self, desk: App, ben: Member) -> None:
        for attempt in (update(desk, ben, new_id(), name="x"), close(desk, ben, new_id(), "won")):
            with pytest.raises(LeadNotFound):
                await attempt
