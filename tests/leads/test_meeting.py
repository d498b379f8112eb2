"""Several people at one lead: different fields merge, the same field asks, and nothing is told out of rights."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock, milliseconds
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Reach
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.leads import Captured
from leadflow.leads.errors import LeadChanged, LeadNotFound
from tests.fixtures.cast import Member
from tests.fixtures.office import MONDAY
from tests.leads.desk import capture, close, everything, log, look, update


@pytest.fixture
async def lead(desk: App, ben: Member) -> Captured:
    return await capture(desk, ben, name="Grace Hopper", email="grace@navy.example", company="Navy", value=100_00)


async def conflicts_of(desk: App, member: Any, lead: Captured, **fields: Any) -> list[dict[str, Any]]:
    """What is refused, after making sure that nothing was written."""
    everyone = replace(member, permissions=frozenset(Permission), reaches={}, fields=FieldRights())
    before = await everything(desk, everyone)
    with pytest.raises(LeadChanged) as refused:
        await update(desk, member, lead.lead_id, **fields)
    assert await everything(desk, everyone) == before
    return refused.value.conflicts


class TestMerging:
    async def test_different_fields_merge_whatever_the_version(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, company="IBM", owner=cleo.actor.id, stage="contacted")
        await update(desk, ben, lead.lead_id, title="Admiral", value=250_00, seen={"title": None, "value": 100_00})
        expected = {
            "company": "IBM", "title": "Admiral", "value": 250_00, "stage": "contacted", "owner": str(cleo.actor.id),
        }  # fmt: skip
        after = await look(desk, ben, lead.lead_id)
        assert after | expected == after

    async def test_of_many_who_change_different_fields_at_once_everybody_is_heard(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        changes: list[dict[str, Any]] = [
            {"company": "IBM", "seen": {"company": "Navy"}}, {"title": "Admiral", "seen": {"title": ""}},
            {"country": "us", "seen": {"country": None}}, {"value": 5, "seen": {"value": 100_00}},
            {"stage": "qualified", "seen": {"stage": "new"}}, {"owner": ben.actor.id, "seen": {"owner": None}},
        ]  # fmt: skip
        await asyncio.gather(*(update(desk, ben, lead.lead_id, **each) for each in changes))
        after = await look(desk, ben, lead.lead_id)
        expected = {
            "company": "IBM", "title": "Admiral", "country": "US", "value": 5, "stage": "qualified",
            "owner": str(ben.actor.id),
        }  # fmt: skip
        assert after | expected == after

    async def test_of_many_who_change_the_same_field_at_once_one_is_heard_and_the_others_are_asked(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        names = [f"Company {number}" for number in range(8)]
        results = await asyncio.gather(
            *(update(desk, ben, lead.lead_id, company=name, seen={"company": "Navy"}) for name in names),
            return_exceptions=True,
        )
        winner = names[results.index(None)]
        asked = [result for result in results if isinstance(result, LeadChanged)]
        assert len(asked) == len(names) - 1
        assert {str(result.conflicts[0]["theirs"]) for result in asked} == {winner}
        assert (await look(desk, ben, lead.lead_id))["company"] == winner

    async def test_saving_twice_changes_once(self, desk: App, ben: Member, lead: Captured) -> None:
        """The answer was lost on its way, so the browser sends it again."""
        change = {"company": "IBM", "stage": "won", "seen": {"company": "Navy", "stage": "new"}}
        await update(desk, ben, lead.lead_id, **change)
        before = await everything(desk, ben)
        await update(desk, ben, lead.lead_id, **change)
        assert await everything(desk, ben) == before

    async def test_the_database_writes_numbers_and_countries_its_own_way_and_that_is_no_conflict(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        await update(desk, ben, lead.lead_id, phone="030 901820", country="de", email="Grace@Navy.example")
        await update(
            desk, ben, lead.lead_id, phone="030 901821", country="at", email="g@navy.example",
            seen={"phone": "030 901820", "country": "de", "email": "grace@navy.EXAMPLE"},
        )  # fmt: skip
        after = await look(desk, ben, lead.lead_id)
        assert (after["phone"], after["country"], after["email"]) == ("+4330901821", "AT", "g@navy.example")

    async def test_the_same_number_by_two_people_is_no_conflict(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, phone="+49 30 901820", country="DE")
        before = await everything(desk, ben)
        await update(desk, ben, lead.lead_id, phone="030 901820", seen={"phone": None})
        assert await everything(desk, ben) == before


class TestConflicts:
    async def test_all_three_values_with_who_and_when(
        self, desk: App, ben: Member, cleo: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(hours=2)
        await update(desk, cleo, lead.lead_id, company="IBM", email="grace@ibm.example")
        clock.at = MONDAY + timedelta(hours=3)
        told = await conflicts_of(
            desk, ben, lead, company="DEC", email="grace@dec.example", title="Admiral",
            seen={"company": "Navy", "email": "grace@navy.example", "title": ""},
        )  # fmt: skip
        who = {"by": "Cleo", "at": milliseconds(MONDAY + timedelta(hours=2))}
        assert told == [
            {"field": "company", "before": "Navy", "theirs": "IBM", "mine": "DEC", **who},
            {
                "field": "email", "before": "grace@navy.example", "theirs": "grace@ibm.example",
                "mine": "grace@dec.example", **who,
            },
        ]  # fmt: skip
        assert not any("grace@" in str(event.data) for event in await log(desk, ben, lead_id=lead.lead_id))

    async def test_owner_and_stage_too(self, desk: App, ben: Member, cleo: Member, lead: Captured) -> None:
        await update(desk, cleo, lead.lead_id, owner=cleo.actor.id)
        await close(desk, cleo, lead.lead_id, "won", value=900_00)
        told = await conflicts_of(
            desk, ben, lead, owner=ben.actor.id, stage="qualified", value=5,
            seen={"owner": None, "stage": "new", "value": 100_00},
        )  # fmt: skip
        assert [(each["field"], each["before"], each["theirs"], each["mine"], each["by"]) for each in told] == [
            ("value", 100_00, 900_00, 5, "Cleo"),
            ("owner", None, str(cleo.actor.id), str(ben.actor.id), "Cleo"),
            ("stage", "new", "won", "qualified", "Cleo"),
        ]

    async def test_what_a_system_has_set_is_told_as_its_own(self, desk: App, ben: Member, lead: Captured) -> None:
        key = replace(ben, actor=Actor(ActorKind.API_KEY, new_id()))
        await update(desk, key, lead.lead_id, company="IBM")
        await capture(
            desk, replace(ben, actor=Actor(ActorKind.FORM, new_id())), email="grace@navy.example", title="Cpt"
        )
        told = await conflicts_of(
            desk, ben, lead, company="DEC", title="Admiral", seen={"company": "Navy", "title": None}
        )
        assert {each["field"]: (each["theirs"], each["by"]) for each in told} == {
            "company": ("IBM", "API"), "title": ("Cpt", "Form"),
        }  # fmt: skip

    async def test_having_seen_theirs_one_may_insist(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, company="IBM")
        await conflicts_of(desk, ben, lead, company="DEC", seen={"company": "Navy"})
        await update(desk, ben, lead.lead_id, company="DEC", seen={"company": "IBM"})
        assert (await look(desk, ben, lead.lead_id))["company"] == "DEC"

    async def test_a_version_is_as_strict_as_it_was(self, desk: App, ben: Member, cleo: Member, lead: Captured) -> None:
        await update(desk, cleo, lead.lead_id, title="Admiral")
        told = await conflicts_of(desk, ben, lead, company="DEC", version=1, seen={"company": "Navy"})
        assert told == []

    async def test_what_was_seen_of_a_field_that_is_not_set_is_a_mistake(
        self, desk: App, ben: Member, lead: Captured
    ) -> None:
        before = await everything(desk, ben)
        with pytest.raises(Invalid) as refused:
            await update(desk, ben, lead.lead_id, company="IBM", seen={"email": "grace@navy.example"})
        assert [problem.field for problem in refused.value.problems] == ["seen.email"]
        assert await everything(desk, ben) == before

    async def test_a_lead_that_somebody_else_has_ended_meanwhile_is_not_ended_otherwise(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await close(desk, cleo, lead.lead_id, "won", value=900_00)
        before = await everything(desk, ben)
        with pytest.raises(LeadChanged) as refused:
            await close(desk, ben, lead.lead_id, "lost", seen_stage="new")
        assert refused.value.detail == "Cleo has moved this lead to another stage meanwhile."
        assert [(each["theirs"], each["mine"]) for each in refused.value.conflicts] == [("won", "lost")]
        await close(desk, ben, lead.lead_id, "won", seen_stage="new")
        assert await everything(desk, ben) == before
        await close(desk, ben, lead.lead_id, "lost", seen_stage="won")
        assert (await look(desk, ben, lead.lead_id))["outcome"] == "lost"


class TestWalls:
    async def test_a_field_that_a_role_does_not_see_is_in_no_conflict(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, email="secret@ibm.example", company="IBM")
        blind = replace(ben, fields=FieldRights(frozenset({"email"}), frozenset({"email"})))
        with pytest.raises(LeadChanged) as refused:
            await update(desk, blind, lead.lead_id, company="DEC", seen={"company": "Navy"})
        assert refused.value.current["email"] is None
        assert "secret" not in str(refused.value.conflicts)
        with pytest.raises(Forbidden):
            await update(desk, blind, lead.lead_id, email="x@y.example", seen={"email": "grace@navy.example"})

    async def test_a_key_that_may_only_write_is_told_no_value(
        self, desk: App, ben: Member, cleo: Member, lead: Captured
    ) -> None:
        await update(desk, cleo, lead.lead_id, company="Secret")
        key = replace(ben, permissions=frozenset({Permission.LEADS_WRITE}))
        with pytest.raises(LeadChanged) as refused:
            await update(desk, key, lead.lead_id, company="DEC", seen={"company": "Navy"})
        assert refused.value.conflicts == [
            {"field": "company", "before": "Navy", "theirs": None, "mine": "DEC", "by": "", "at": None}
        ]
        assert set(refused.value.current) == {"version"}

    async def test_to_mallory_and_to_a_rep_of_another_team_there_is_no_lead_and_no_conflict(
        self, desk: App, ben: Member, mallory: Member, lead: Captured
    ) -> None:
        stranger = replace(
            ben,
            actor=Actor(ActorKind.PERSON, new_id()),
            reaches={each: Reach(frozenset(), new_id()) for each in (Permission.LEADS_READ, Permission.LEADS_WRITE)},
        )
        before, hers = await everything(desk, ben), await everything(desk, mallory)
        for member in (mallory, stranger):
            with pytest.raises(LeadNotFound):
                await update(desk, member, lead.lead_id, company="Mine", seen={"company": "wrong"})
        assert await everything(desk, ben) == before
        assert await everything(desk, mallory) == hers
