"""Offers: a pond that all share, whoever claims first, and what is dealt when nobody does."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Scope
from leadflow.leads import CloseLead, UpdateLead
from leadflow.leads.errors import LeadNotFound
from leadflow.routing import service
from leadflow.routing.errors import LeadTaken, NotOffered
from leadflow.routing.offers import service as offers
from leadflow.routing.offers.service import Offers
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.routing.desk import NEVER, ROUTING, away, happened, only, owners, passes, proofs, rule, some, works

POND: dict[str, Any] = {"strategy": "pond"}
FIRST: dict[str, Any] = {"strategy": "first_to_claim", "options": {"minutes": 10}}


async def offered(app: App, member: Member) -> Offers:
    """Read as the door reads it."""
    async with app.reading(member) as work:
        return await offers.offers(work)


async def claims(app: App, member: Member, lead: UUID) -> None:
    async with app.work(member) as work:
        await offers.claim(work, lead)


async def told(app: App, scope: Scope, kind: str) -> list[dict[str, Any]]:
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT data FROM event WHERE kind = :kind ORDER BY seq"), {"kind": kind}
        )
        return [row.data for row in rows]


async def looked_at_again(app: App, floor: Floor) -> None:
    """Somebody comes, somebody goes, and the job rings."""
    await away(app, floor.nora)
    await fold(app, floor.ada.organization_id, ROUTING)
    await passes(app, floor.ada, 0)


class TestPond:
    async def test_a_lead_stays_in_it_and_is_offered_once(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, name="Pond", pool=only(floor.ben, floor.nora), **POND)
        (lead,) = await some(app, floor.ada, 1)
        assert await owners(app, floor.ada, [lead]) == [None]
        await looked_at_again(app, floor)
        assert await owners(app, floor.ada, [lead]) == [None]
        (proof,) = await proofs(app, floor.ada, lead)
        assert (proof["how"], proof["chosen"], len(proof["candidates"])) == ("in the pond", None, 2)
        assert await told(app, floor.ada, "lead.offered") == [
            {"rule": "Pond", "how": "in the pond", "until": None, "people": 2}
        ]

    async def test_whoever_takes_it_has_it_and_the_proof_says_so(self, app: App, floor: Floor) -> None:
        made = await rule(app, floor.ada, name="Pond", pool=only(floor.ben, floor.nora), **POND)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        await claims(app, floor.ben, lead)
        await claims(app, floor.ben, lead)
        assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]
        claimed, _ = await proofs(app, floor.ada, lead)
        assert (claimed["how"], claimed["fare"], claimed["rule"]) == ("claimed", "turn", str(made.id))
        (assigned,) = await told(app, floor.ada, "lead.assigned")
        assert assigned == {
            "from": None, "to": str(floor.ben.actor.id), "name": "Ben", "rule": "Pond", "how": "claimed",
        }  # fmt: skip
        assert (await offered(app, floor.nora)).total == 0

    async def test_of_a_lead_out_of_reach_one_sees_what_it_is_and_not_who(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, name="Pond", pool=only(floor.ben, floor.rita), **POND)
        await some(app, floor.ada, 1, company="Acme", source="web", email="grace@acme.example")
        await fold(app, floor.ada.organization_id, ROUTING)
        (unknown,), (known,) = (await offered(app, floor.ben)).items, (await offered(app, floor.rita)).items
        assert unknown | {"name": None, "is_in_reach": False} == unknown
        assert (unknown["company"], unknown["source"], unknown["rule"], unknown["until"]) == (
            "Acme",
            "web",
            "Pond",
            None,
        )
        assert set(unknown) == {
            "id", "name", "is_in_reach", "company", "source", "score", "band", "rule", "offered_at", "until",
        }  # fmt: skip
        assert (known["name"], known["is_in_reach"]) == ("Lead 0", True)

    async def test_it_is_for_its_pool_alone(self, app: App, floor: Floor, mallory: Member) -> None:
        await rule(app, floor.ada, pool=only(floor.ben), **POND)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        for member, refusal in ((mallory, LeadNotFound), (floor.nora, LeadNotFound), (floor.rita, Forbidden)):
            assert (await offered(app, member)) == Offers([], 0)
            with pytest.raises(refusal):
                await claims(app, member, lead)
        with pytest.raises(Forbidden):
            async with app.work(system_scope(floor.ada.organization_id)) as work:
                await offers.claim(work, lead)
        assert await owners(app, floor.ada, [lead]) == [None]

    async def test_what_is_closed_or_dealt_by_another_rule_now_is_offered_no_more(self, app: App, floor: Floor) -> None:
        made = await rule(app, floor.ada, pool=only(floor.ben), **POND)
        closed, dealt = await some(app, floor.ada, 2)
        await owners(app, floor.ada, [closed])
        async with app.work(floor.ada) as work:
            await leads.close(work, closed, CloseLead(outcome="lost"))
        assert [each["id"] for each in (await offered(app, floor.ben)).items] == [str(dealt)]
        with pytest.raises(NotOffered):
            await claims(app, floor.ben, closed)
        async with app.work(floor.ada) as work:
            await service.remove(work, made.id)
        assert await owners(app, floor.ada, [dealt]) != [None]
        assert (await offered(app, floor.ben)).total == 0

    async def test_a_lead_that_is_given_back_is_offered_anew(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **POND)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        await claims(app, floor.ben, lead)
        async with app.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(owner=None))
        with pytest.raises(NotOffered):
            await claims(app, floor.nora, lead)
        await happened(app, floor.ada, "lead.released", lead)
        assert await owners(app, floor.ada, [lead]) == [None]
        assert (await offered(app, floor.nora)).total == 1
        assert len(await told(app, floor.ada, "lead.offered")) == 2

    async def test_a_team_is_offered_it_with_the_teams_below(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool={"teams": [str(floor.central)]}, **POND)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        assert ((await offered(app, floor.ben)).total, (await offered(app, floor.nora)).total) == (1, 0)


class TestFirstToClaim:
    async def test_until_its_time_runs_out_it_stays_an_offer_whatever_happens(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **FIRST)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        await looked_at_again(app, floor)
        await passes(app, floor.ada, 9.9)
        assert await owners(app, floor.ada, [lead]) == [None]
        assert len(await proofs(app, floor.ada, lead)) == 1
        (until,) = [each["until"] for each in await told(app, floor.ada, "lead.offered")]
        left = datetime.fromisoformat(until) - datetime.now(UTC)
        assert timedelta(minutes=9) < left < timedelta(minutes=10)
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            when = await work.session.execute(text("SELECT run_at FROM job WHERE kind = 'routing.resume' ORDER BY 1"))
            assert datetime.fromisoformat(until) in when.scalars().all()

    async def test_then_it_is_dealt_in_turn(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **FIRST)
        fresh = await some(app, floor.ada, 4)
        assert set(await owners(app, floor.ada, fresh)) == {None}
        await passes(app, floor.ada, 10)
        got = Counter(await owners(app, floor.ada, fresh))
        assert got == {floor.ben.actor.id: 2, floor.nora.actor.id: 2}
        latest, first = await proofs(app, floor.ada, fresh[0])
        assert (latest["how"], latest["candidates"][0]["waited"]) == ("not claimed in time", 600)
        assert first["how"] == "offered"

    async def test_a_claim_is_a_turn(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **FIRST)
        fresh = await some(app, floor.ada, 6)
        await owners(app, floor.ada, fresh)
        for lead in fresh[:3]:
            await claims(app, floor.ben, lead)
        await passes(app, floor.ada, 10)
        assert await owners(app, floor.ada, fresh[3:]) == [floor.nora.actor.id] * 3

    async def test_with_nobody_there_it_waits_is_not_offered_again_and_can_still_be_claimed(
        self, app: App, floor: Floor
    ) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **FIRST)
        both = await some(app, floor.ada, 2)
        await owners(app, floor.ada, both)
        for member in (floor.ben, floor.nora):
            await away(app, member)
        await passes(app, floor.ada, 11)
        await passes(app, floor.ada, 0)
        assert await owners(app, floor.ada, both) == [None, None]
        assert [each["how"] for each in await proofs(app, floor.ada, both[0])] == ["nobody can take it", "offered"]
        await claims(app, floor.ben, both[0])
        assert len(await told(app, floor.ada, "lead.offered")) == 2

    async def test_off_shift_it_is_offered_nevertheless(self, app: App, floor: Floor) -> None:
        await works(app, floor.ada, floor.ben, NEVER)
        await rule(app, floor.ada, pool=only(floor.ben), **FIRST)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        await claims(app, floor.ben, lead)
        assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]

    async def test_another_number_of_minutes_counts_from_the_first_offer(self, app: App, floor: Floor) -> None:
        made = await rule(app, floor.ada, pool=only(floor.ben), **POND)
        (lead,) = await some(app, floor.ada, 1)
        await owners(app, floor.ada, [lead])
        await passes(app, floor.ada, 5)
        async with app.work(floor.ada) as work:
            changed = {"name": "Sales", "pool": only(floor.ben), "strategy": "first_to_claim"}
            for minutes in (8, 5):
                command = service.DefineRule.model_validate({**changed, "options": {"minutes": minutes}})
                await service.define(work, command, made.id)
        assert await owners(app, floor.ada, [lead]) == [floor.ben.actor.id]


async def test_of_twenty_who_claim_at_once_one_has_it(app: App) -> None:
    names = [(f"Rep {number}", Role.REP) for number in range(20)]
    ada, *reps = await cast.found_company(app, "Northwind", ("Ada", Role.OWNER), *names)
    await rule(app, ada, **POND)
    (lead,) = await some(app, ada, 1)
    await owners(app, ada, [lead])
    answers = await asyncio.gather(*(claims(app, rep, lead) for rep in reps), return_exceptions=True)
    (winner,) = [rep for rep, answer in zip(reps, answers, strict=True) if answer is None]
    refusals = [answer for answer in answers if isinstance(answer, LeadTaken)]
    assert [str(each) for each in refusals] == [f"{winner.name} has taken this lead."] * 19
    assert await owners(app, ada, [lead]) == [winner.actor.id]
    assert len(await told(app, ada, "lead.assigned")) == 1
    assert len(await proofs(app, ada, lead)) == 2


async def test_a_claim_and_the_end_of_its_time_do_not_both_have_it(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben, floor.nora), **FIRST)
    fresh = await some(app, floor.ada, 5)
    await owners(app, floor.ada, fresh)
    await asyncio.gather(
        *(claims(app, floor.ben, lead) for lead in fresh), passes(app, floor.ada, 10), return_exceptions=True
    )
    await passes(app, floor.ada, 10)
    assert None not in await owners(app, floor.ada, fresh)
    assert len(await told(app, floor.ada, "lead.assigned")) == 5
