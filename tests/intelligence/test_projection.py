"""Intelligence as a reader of the log: counts that can be told anew from it, and what each reader sees of them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.intelligence import projection, queries, sources
from leadflow.intelligence.insight import Cell
from leadflow.intelligence.projection import PROJECTION, rebuild
from leadflow.intelligence.repository import load
from leadflow.intelligence.shelf import counted
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.errors import LeadNotFound
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to, sales_floor
from tests.fixtures.installation import as_superuser, fold
from tests.intelligence.tales import BEHAVIOUR, MONDAY, OUTCOMES
from tests.scoring.lives import read

INTELLIGENCE = PROJECTION.name


async def test_whoever_looks_at_a_lead_hears_that_its_story_has_gone_on(office: App, clock: FixedClock) -> None:
    """A next step is asked for again when it can have become another, and not when its lead has opened a page."""
    floor = await sales_floor(office)
    called, seen = [await given_to(office, floor, floor.ben, name) for name in ("Called", "Seen")]
    organization_id = floor.ben.organization_id
    await fold(office, organization_id)
    async with office.work(system_scope(organization_id)) as work:
        await leads.log_activity(work, called, LogActivity(kind="call", outcome="Reached"))
        await leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", lead_id=seen)])
    told: set[UUID] = set()

    async def looked_at(work: Work, events: Sequence[RecordedEvent]) -> None:
        await PROJECTION.fold(work, events)
        told.update(work.noted)

    watched = replace(PROJECTION, fold=looked_at)
    await Projector(office.database, watched, frozenset(SYSTEM_PERMISSIONS)).catch_up(organization_id)
    assert told == {called}


async def live(app: App, scope: Scope, clock: FixedClock, dice: random.Random, steps: int) -> list[UUID]:
    """Anything that people and leads do in a few weeks; the log is read every now and then."""
    known: list[UUID] = []
    for _ in range(steps):
        clock.at += timedelta(hours=dice.randrange(1, 30))
        async with app.work(scope) as work:
            lead = dice.choice(known) if known else None
            match dice.randrange(8) if lead else 0, lead:
                case 4, UUID():
                    await leads.log_activity(work, lead, LogActivity(kind="call", outcome=dice.choice(OUTCOMES)))
                case 5, UUID():
                    await leads.log_activity(work, lead, LogActivity(kind="email", text="Hello"))
                case 6, UUID():
                    await leads.record_behaviour(work, [RecordBehaviour(kind=dice.choice(BEHAVIOUR), lead_id=lead)])
                case 3, UUID():
                    await leads.close(work, lead, CloseLead(outcome=dice.choice(("won", "lost"))))
                case 7, UUID():
                    await leads.update(work, lead, UpdateLead(stage="contacted", source=dice.choice(("fair", "web"))))
                case _:
                    command = CaptureLead(
                        email=f"{uuid4().hex}@acme.example", source=dice.choice(("fair", "partner", "")),
                        value=dice.randrange(10**6), currency=dice.choice(("EUR", "USD")), country="DE",
                    )  # fmt: skip
                    known.append((await leads.capture(work, command)).lead_id)
        if dice.random() < 0.2:
            await fold(app, scope.organization_id, INTELLIGENCE)
    await fold(app, scope.organization_id, INTELLIGENCE)
    return known


def stored(app: App, organization_id: UUID) -> tuple[list[Any], dict[Cell, int]]:
    with as_superuser(app.settings) as admin:
        stories = admin.execute(
            """
            SELECT lead_id, story, source, outcome, day, value, currency, is_bad FROM lead_story
            WHERE organization_id = %s ORDER BY lead_id
            """,
            (organization_id,),
        ).fetchall()
        rows = admin.execute(
            "SELECT topic, part, bucket, amount FROM insight_count WHERE organization_id = %s", (organization_id,)
        )
        return stories, {Cell(topic, part, bucket): amount for topic, part, bucket, amount in rows}


class TestReplay:
    @pytest.mark.parametrize("seed", range(3))
    async def test_told_from_the_beginning_the_log_gives_the_same_in_any_batches(
        self, office: App, ben: Member, clock: FixedClock, seed: int
    ) -> None:
        known = await live(office, ben, clock, random.Random(seed), 80)
        stories, counts = stored(office, ben.organization_id)
        assert len(stories) == len(known)
        assert all(counts.values())
        for batch in (1000, 1, 7):
            async with office.work(system_scope(ben.organization_id)) as work:
                await rebuild(work)
            assert stored(office, ben.organization_id) == ([], {})
            reader = Projector(office.database, replace(PROJECTION, batch=batch), frozenset(SYSTEM_PERMISSIONS))
            await read(office, reader, ben.organization_id)
            assert stored(office, ben.organization_id) == (stories, counts)

    async def test_the_counts_are_the_sum_of_the_stories(self, office: App, ben: Member, clock: FixedClock) -> None:
        known = await live(office, ben, clock, random.Random(11), 80)
        async with office.work(ben) as work:
            told = await load(work, known)
        total: dict[Cell, int] = {}
        for story in told.values():
            for cell, amount in counted(story).items():
                total[cell] = total.get(cell, 0) + amount
        assert stored(office, ben.organization_id)[1] == {cell: amount for cell, amount in total.items() if amount}

    async def test_a_lead_that_is_gone_leaves_no_story(self, office: App, ben: Member, clock: FixedClock) -> None:
        (lead,) = await live(office, ben, clock, random.Random(1), 1)
        with as_superuser(office.settings) as admin:
            admin.execute("DELETE FROM lead WHERE id = %s", (lead,))
        assert stored(office, ben.organization_id)[0] == []
        async with office.work(system_scope(ben.organization_id)) as work:
            await rebuild(work)
        await fold(office, ben.organization_id, INTELLIGENCE)
        assert stored(office, ben.organization_id)[0] == []

    async def test_only_those_who_manage_settings_start_anew(self, office: App, ben: Member) -> None:
        async with office.work(ben) as work:
            with pytest.raises(Forbidden):
                await projection.rebuild(work)


class TestReaders:
    async def test_a_lead_of_another_organization_is_not_there(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        (lead,) = await live(office, ben, clock, random.Random(1), 1)
        async with office.work(ben) as work:
            assert (await queries.of_lead(work, lead))["steps"]
        async with office.work(mallory) as work:
            with pytest.raises(LeadNotFound):
                await queries.of_lead(work, lead)
            assert (await queries.source_quality(work))["items"] == []
        blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
        async with office.work(blind) as work:
            with pytest.raises(Forbidden):
                await queries.of_lead(work, lead)
            with pytest.raises(Forbidden):
                await queries.source_quality(work)

    async def test_what_has_just_happened_to_a_lead_counts_at_once(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        async with office.work(ben) as work:
            lead = (await leads.capture(work, CaptureLead(email="new@acme.example"))).lead_id
        async with office.work(ben) as work:
            assert [step["name"] for step in (await queries.of_lead(work, lead))["steps"]] == ["first_contact"]
            await leads.log_activity(work, lead, LogActivity(kind="email", text="Hello"))
        async with office.work(ben) as work:
            assert (await queries.of_lead(work, lead))["steps"] == []

    @pytest.mark.parametrize("seed", range(3))
    async def test_sources_within_reach_are_what_everybody_would_see_of_those_leads(
        self, office: App, ben: Member, clock: FixedClock, seed: int
    ) -> None:
        """Counted when they happened, and summed up for somebody whose reach takes in everything: the same report."""
        await live(office, ben, clock, random.Random(seed), 80)
        everybody = replace(ben.reach(Permission.INSIGHT_READ), teams=frozenset({None}))
        assert ben.reach(Permission.INSIGHT_READ).teams == frozenset({None})
        all_ = replace(ben, reaches={})
        async with office.work(all_) as work:
            counted_ = await queries.source_quality(work)
        async with office.work(replace(ben, reaches={Permission.INSIGHT_READ: everybody})) as work:
            assert await queries.source_quality(work) == counted_
        assert counted_["total"]["leads"] == sum(item["leads"] for item in counted_["items"]) > 10

    async def test_who_reaches_some_leads_sees_the_sources_of_those(self, office: App, clock: FixedClock) -> None:
        floor: Floor = await sales_floor(office)
        for owner in (floor.ben, floor.nora, None):
            await given_to(office, floor, owner, f"L{uuid4().hex}")
        hidden = await given_to(office, floor, floor.nora, "Hidden")
        await fold(office, floor.ada.organization_id, INTELLIGENCE)

        async def seen(member: Member) -> int:
            async with office.work(member) as work:
                return int((await queries.source_quality(work))["total"]["leads"])

        assert [await seen(each) for each in (floor.ada, floor.cleo, floor.ben, floor.nora)] == [4, 1, 1, 2]
        async with office.work(floor.ben) as work:
            with pytest.raises(LeadNotFound):
                await queries.of_lead(work, hidden)

    async def test_fields_that_are_hidden_are_not_told(self, office: App, ben: Member, clock: FixedClock) -> None:
        await live(office, ben, clock, random.Random(5), 60)
        fields = FieldRights(frozenset({"value", "email"}), frozenset({"value", "email"}))
        async with office.work(replace(ben, fields=fields)) as work:
            report = await queries.source_quality(work)
        assert {(each["won_value"], each["bad_addresses"]) for each in report["items"]} == {(None, None)}
        async with office.work(replace(ben, fields=FieldRights(frozenset({"source"})))) as work:
            with pytest.raises(Forbidden):
                await queries.source_quality(work)


async def test_sources_are_judged_by_their_own_leads(office: App, ben: Member, clock: FixedClock) -> None:
    won, lost = sources.MINIMUM, sources.MINIMUM // 2
    async with office.work(ben) as work:
        for number in range(won + lost):
            command = CaptureLead(
                email=f"p{number}@acme.example", source="fair" if number < won else "web", value=100, currency="USD"
            )
            lead = (await leads.capture(work, command)).lead_id
            await work.session.flush()
            await leads.close(work, lead, CloseLead(outcome="won" if number < won else "lost"))
    await fold(office, ben.organization_id, INTELLIGENCE)
    async with office.work(ben) as work:
        report = await queries.source_quality(work)
    fair, web = report["items"]
    assert (fair["source"], fair["won"], fair["conversion"], fair["missing"]) == ("fair", won, 1.0, 0)
    assert fair["won_value"] == [{"currency": "USD", "value": 100 * won}]
    assert 0.8 < fair["conversion_low"] < fair["conversion_high"] == 1
    assert (web["lost"], web["conversion"], web["evidence"], web["missing"]) == (lost, None, lost, lost)
    assert report["total"]["evidence"] == won + lost
    assert clock.at == MONDAY
