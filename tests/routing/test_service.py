"""Rules at work: who decides, who is passed over and why, and what is made good."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.leads import CaptureLead, CloseLead
from leadflow.routing import absences, service
from leadflow.routing.commands import OrderRules
from leadflow.routing.errors import RuleNotFound
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.service import system_scope
from leadflow.tenancy.teams import change_member
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import fold
from tests.routing.desk import (
    ALWAYS,
    GERMAN,
    NEVER,
    ROUTING,
    away,
    captured,
    happened,
    only,
    owners,
    proofs,
    routed,
    rule,
    some,
    suspend,
    works,
)


class TestRules:
    async def test_the_first_that_is_about_a_lead_decides(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, name="Germany", conditions=GERMAN, pool={"teams": [str(floor.central)]})
        await rule(app, floor.ada, name="Rest", pool=only(floor.nora))
        assert set(await routed(app, floor.ada, 3, country="DE")) == {floor.ben.actor.id}
        assert set(await routed(app, floor.ada, 3, country="FR")) == {floor.nora.actor.id}

    async def test_one_that_is_off_is_not_asked_and_the_order_can_be_changed(self, app: App, floor: Floor) -> None:
        first = await rule(app, floor.ada, pool=only(floor.ben))
        second = await rule(app, floor.ada, pool=only(floor.nora))
        third = await rule(app, floor.ada, pool=only(floor.ole), is_on=False)
        assert await routed(app, floor.ada) == [floor.ben.actor.id]
        async with app.work(floor.ada) as work:
            await service.reorder(work, OrderRules(rules=(third.id, second.id, first.id)))
        assert await routed(app, floor.ada) == [floor.nora.actor.id]
        with pytest.raises(Invalid):
            async with app.work(floor.ada) as work:
                await service.reorder(work, OrderRules(rules=(third.id, second.id, second.id)))

    async def test_a_lead_that_no_rule_is_about_waits_for_one(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, conditions=GERMAN)
        (lead,) = await some(app, floor.ada, 1, country="FR")
        assert await owners(app, floor.ada, [lead]) == [None]
        (proof,) = await proofs(app, floor.ada, lead)
        assert (proof["how"], proof["rule"], proof["candidates"]) == ("no rule is about this lead", None, [])
        await rule(app, floor.ada, name="Rest", pool=only(floor.ole))
        assert await owners(app, floor.ada, [lead]) == [floor.ole.actor.id]

    async def test_a_role_of_ones_own_counts_when_it_is_named(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.cleo))
        assert await routed(app, floor.ada) == [floor.cleo.actor.id]

    @pytest.mark.parametrize(
        ("fields", "place"),
        [
            ({"strategy": "by horoscope"}, "strategy"),
            ({"pool": {"people": [str(uuid4())]}}, "pool.people"),
            ({"pool": {"teams": [str(uuid4())]}}, "pool.teams"),
            ({"strategy": "capacity", "options": {"most": 0}}, "options.most"),
            ({"strategy": "weighted", "options": {"weights": {str(uuid4()): 21}}}, "options.weights"),
            ({"strategy": "sticky", "options": {"fallback": "sticky"}}, "options.fallback"),
            ({"strategy": "sticky", "options": {"fallback": "capacity", "fallback_options": {"most": 0}}}, "options"),
            ({"options": {"surprise": 1}}, "options.surprise"),
        ],
    )
    async def test_what_cannot_be_is_refused_by_the_name_of_its_field(
        self, app: App, floor: Floor, fields: dict[str, Any], place: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await rule(app, floor.ada, **fields)
        assert refused.value.problems[0].field.startswith(place)

    async def test_managers_make_rules_and_reps_do_not(self, app: App, floor: Floor, mallory: Member) -> None:
        made = await rule(app, floor.cleo)
        for member in (floor.ben, floor.nora):
            with pytest.raises(Forbidden):
                await rule(app, member)
        async with app.work(mallory) as work:
            assert await service.rules(work) == []
            with pytest.raises(RuleNotFound):
                await service.remove(work, made.id)


class TestEligibility:
    async def test_whoever_cannot_is_passed_over_and_the_proof_says_why(self, app: App, floor: Floor) -> None:
        await away(app, floor.ben)
        await works(app, floor.ada, floor.nora, NEVER)
        await suspend(app, floor.ada, floor.ole)
        (lead,) = await some(app, floor.ada, 1)
        assert await owners(app, floor.ada, [lead]) == [floor.rita.actor.id]
        (proof,) = await proofs(app, floor.rita, lead)
        reasons = {each["name"]: each.get("out") for each in proof["candidates"]}
        assert reasons == {"Ben": "absent", "Nora": "off shift", "Ole": "suspended", "Rita": None}
        chosen = next(each for each in proof["candidates"] if each["id"] == proof["chosen"])
        assert chosen["start"] < chosen["after"]["start"]
        assert (proof["rule_name"], proof["how"]) == ("Everybody in turn", "round robin")

    async def test_nobody_on_shift_is_no_reason_to_wait(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
        for member in (floor.ben, floor.nora):
            await works(app, floor.ada, member, NEVER)
        assert set(await routed(app, floor.ada, 2)) == {floor.ben.actor.id, floor.nora.actor.id}

    async def test_unless_the_rule_says_so_and_then_the_next_shift_wakes_it(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben), options={"when_nobody_is_on_shift": "wait"})
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%A").lower()
        await works(app, floor.ada, floor.ben, {"hours": {tomorrow: [["00:00", "24:00"]]}})
        (lead,) = await some(app, floor.ada, 1)
        assert await owners(app, floor.ada, [lead]) == [None]
        midnight = (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        assert await wakes(app, floor) == [midnight]
        await works(app, floor.ada, floor.ben, ALWAYS)
        assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]

    async def test_leads_wait_for_whoever_comes_back_in_the_order_in_which_they_came(
        self, app: App, floor: Floor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("leadflow.routing.projection.AT_ONCE", 3)
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
        absence = await away(app, floor.ben, hours=5)
        await suspend(app, floor.ada, floor.nora)
        waiting = await some(app, floor.ada, 8)
        assert set(await owners(app, floor.ada, waiting)) == {None}
        assert [proof["how"] for proof in await proofs(app, floor.ada, waiting[0])] == ["nobody can take it"]
        (due,) = await wakes(app, floor)
        assert timedelta(hours=4) < due - datetime.now(UTC) <= timedelta(hours=5)
        async with app.work(floor.ben) as work:
            await absences.cancel(work, absence)
        assert set(await owners(app, floor.ada, waiting)) == {floor.ben.actor.id}
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            told = await work.session.execute(
                text("SELECT lead_id FROM event WHERE kind = 'lead.assigned' ORDER BY seq")
            )
            assert list(told.scalars()) == waiting

    async def test_won_and_lost_leads_do_not_wait(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben))
        await suspend(app, floor.ada, floor.ben)
        lost, open_ = await some(app, floor.ada, 2)
        async with app.work(floor.ada) as work:
            await leads.close(work, lost, CloseLead(outcome="lost"))
        await suspend(app, floor.ada, floor.ben, is_suspended=False)
        fresh = await owners(app, floor.ada, [open_])
        assert fresh == [floor.ben.actor.id]

    async def test_a_custom_role_can_be_given_leads_through_a_team(self, app: App, floor: Floor) -> None:
        assert floor.cleo.actor.id is not None
        async with app.work(floor.ada) as work:
            await change_member(work, floor.cleo.actor.id, ChangeMember(role="rep"))
        await rule(app, floor.ada, pool={"teams": [str(floor.central)]})
        assert set(await routed(app, floor.ada, 4)) == {floor.cleo.actor.id, floor.ben.actor.id}


async def wakes(app: App, floor: Floor) -> list[datetime]:
    async with app.work(system_scope(floor.ada.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT run_at FROM job WHERE kind = 'routing.resume' AND organization_id = :o ORDER BY run_at"),
            {"o": floor.ada.organization_id},
        )
        return list(rows.scalars())


class TestStrategies:
    async def test_weights(self, app: App, floor: Floor) -> None:
        options = {"weights": {str(floor.ben.actor.id): 3}}
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), strategy="weighted", options=options)
        shares = Counter(await routed(app, floor.ada, 8))
        assert shares == {floor.ben.actor.id: 6, floor.nora.actor.id: 2}

    async def test_load_counts_open_leads_alone(self, app: App, floor: Floor) -> None:
        for name in ("One", "Two", "Three"):
            lead = await given_to(app, floor, floor.ben, name)
            async with app.work(floor.ada) as work:
                await leads.close(work, lead, CloseLead(outcome="won"))
        await given_to(app, floor, floor.nora, "Four")
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), strategy="least_loaded")
        assert Counter(await routed(app, floor.ada, 3)) == {floor.ben.actor.id: 2, floor.nora.actor.id: 1}

    async def test_a_capacity_is_never_exceeded_and_the_rest_waits(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), strategy="capacity", options={"most": 2})
        first = await routed(app, floor.ada, 3)
        fresh = await some(app, floor.ada, 3)
        got = Counter(first + await owners(app, floor.ada, fresh))
        assert got == {floor.ben.actor.id: 2, floor.nora.actor.id: 2, None: 2}
        latest = (await proofs(app, floor.ada, fresh[-1]))[0]
        assert {each["out"] for each in latest["candidates"]} == {"at capacity"}
        due = await wakes(app, floor)
        assert timedelta(hours=23) < due[0] - datetime.now(UTC) <= timedelta(hours=24)

    async def test_a_company_stays_with_whoever_knows_it(self, app: App, floor: Floor) -> None:
        known = await given_to(app, floor, floor.nora, "Known")
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            facts = """UPDATE lead SET facts = '{"email_kind": {"value": "business"}}' WHERE id = :id"""
            await work.session.execute(text(facts), {"id": known})
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), strategy="sticky")
        same = [CaptureLead(name="Colleague", email=f"c{number}@lead.example") for number in range(4)]
        fresh = await captured(app, floor.ada, *same)
        assert set(await owners(app, floor.ada, fresh)) == {floor.nora.actor.id}
        assert (await proofs(app, floor.ada, fresh[0]))[0]["how"] == "knows the company"
        assert (await proofs(app, floor.ada, fresh[0]))[0]["fare"] == "free"
        await away(app, floor.nora)
        (other,) = await captured(app, floor.ada, CaptureLead(name="Late", email="late@lead.example"))
        assert await owners(app, floor.ada, [other]) == [floor.ben.actor.id]
        assert (await proofs(app, floor.ada, other))[0]["how"] == "round robin"


class TestTurnsGivenBack:
    async def test_a_no_show_brings_the_next_lead_once(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora, floor.ole))
        fresh = await some(app, floor.ada, 3)
        had = await owners(app, floor.ada, fresh)
        await happened(app, floor.ada, "lead.no_show", fresh[2])
        await happened(app, floor.ada, "lead.disqualified", fresh[2])
        after = await some(app, floor.ada, 4)
        got = await owners(app, floor.ada, after)
        assert got == [had[2], *had]
        proof = (await proofs(app, floor.ada, after[0]))[0]
        assert (proof["how"], proof["fare"]) == ("a turn given back", "credit")
        assert (await proofs(app, floor.ada, fresh[2]))[0]["returned_at"]

    async def test_of_a_lead_that_cost_no_turn_none_is_given_back(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), strategy="least_loaded")
        (lead,) = await some(app, floor.ada, 1)
        await fold(app, floor.ada.organization_id, ROUTING)
        await happened(app, floor.ada, "lead.no_show", lead)
        await fold(app, floor.ada.organization_id, ROUTING)
        assert (await proofs(app, floor.ada, lead))[0]["returned_at"] is None
