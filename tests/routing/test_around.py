"""Around the rules: proofs within reach, absences, and what a draft would do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.leads.errors import LeadNotFound
from leadflow.routing import absences, trying
from leadflow.routing.commands import DefineRule, DryRun, ReportAbsence
from leadflow.routing.errors import AbsenceNotFound
from tests.fixtures.cast import Member
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import fold
from tests.routing.desk import (
    GERMAN,
    ROUTING,
    away,
    only,
    proofs,
    rule,
    some,
)


class TestProofs:
    async def test_they_are_told_within_reach_alone(self, app: App, floor: Floor, mallory: Member) -> None:
        await rule(app, floor.ada, pool=only(floor.nora))
        (lead,) = await some(app, floor.ada, 1)
        await fold(app, floor.ada.organization_id, ROUTING)
        for member in (floor.ada, floor.nora, floor.ole):
            assert len(await proofs(app, member, lead)) == 1
        for member in (floor.ben, mallory):
            with pytest.raises(LeadNotFound):
                await proofs(app, member, lead)


class TestAbsences:
    async def test_ones_own_are_ones_own_affair_and_others_take_a_right(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        own = await away(app, floor.ben)
        for member, seen in ((floor.ben, 1), (floor.nora, 0), (floor.ada, 1), (mallory, 0)):
            async with app.work(member) as work:
                assert len(await absences.absences(work)) == seen, member.name
        now = datetime.now(UTC)
        command = ReportAbsence(starts_at=now, ends_at=now + timedelta(days=1), person=floor.ben.actor.id)
        with pytest.raises(Forbidden):
            async with app.work(floor.nora) as work:
                await absences.report(work, command)
        for member in (floor.nora, mallory):
            with pytest.raises(AbsenceNotFound):
                async with app.work(member) as work:
                    await absences.cancel(work, own)
        with pytest.raises(Invalid):
            async with app.work(mallory) as work:
                await absences.report(work, command)
        async with app.work(floor.ada) as work:
            await absences.report(work, command)


class TestDryRun:
    async def test_it_says_who_would_get_what_and_writes_nothing(
        self, app: App, floor: Floor, database: Any, mallory: Member
    ) -> None:
        await some(app, floor.ada, 6, country="DE")
        await some(app, floor.ada, 4, country="FR")
        await some(app, mallory, 5, country="DE")
        await fold(app, floor.ada.organization_id, ROUTING)
        germany = DefineRule.model_validate(
            {"name": "Germany", "conditions": GERMAN, "pool": only(floor.ben, floor.nora)}
        )
        before = await fingerprint(database)
        async with app.work(floor.ada) as work:
            trial = await trying.dry_run(work, DryRun(rules=(germany,), days=1))
        assert await fingerprint(database) == before
        assert (trial.leads, trial.unmatched) == (10, 4)
        (share,) = trial.shares
        assert {name: count for _, name, count in share.people} == {"Ben": 3, "Nora": 3}

    async def test_a_bad_draft_is_named_by_its_place(self, app: App, floor: Floor) -> None:
        bad = DefineRule(name="Bad", strategy="by horoscope")
        with pytest.raises(Invalid) as refused:
            async with app.work(floor.ada) as work:
                await trying.dry_run(work, DryRun(rules=(DefineRule(name="Good"), bad)))
        assert refused.value.problems[0].field == "rules.1.strategy"

    async def test_only_leads_within_reach_are_tried(self, app: App, floor: Floor) -> None:
        await given_to(app, floor, floor.nora, "Nora's")
        await given_to(app, floor, floor.ben, "Ben's")
        async with app.work(floor.cleo) as work:
            assert (await trying.dry_run(work, DryRun(days=1))).leads == 1
