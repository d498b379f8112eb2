"""Bands over the log: kept for the dwell time, told once, and the same whenever the log is read."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads.queries import timeline
from leadflow.scoring import queries
from leadflow.scoring.queries import Steadiness
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold
from tests.scoring.lives import (
    STEADY,
    behave,
    capture,
    close,
    forget,
    look,
    read,
    score_by,
    scoring,
    settle,
    stored,
    told,
)

HOUR = timedelta(hours=1)
BECAME = "lead.became_"


@pytest.fixture
async def lead(office: App, ben: Member, clock: FixedClock) -> UUID:
    """Hot since Monday, nine o'clock."""
    await score_by(office, ben, STEADY)
    lead_id = await capture(office, ben, email="grace@acme.example")
    await behave(office, ben, lead_id, "praised")
    await fold(office, ben.organization_id, "scoring")
    return lead_id


async def band_after(office: App, scope: Scope, lead_id: UUID, *kinds: str) -> str:
    for kind in kinds:
        await behave(office, scope, lead_id, kind)
    await fold(office, scope.organization_id, "scoring")
    return await shown(office, scope, lead_id)


async def shown(office: App, scope: Scope, lead_id: UUID) -> str:
    lead, score = await look(office, scope, lead_id)
    assert lead["band"] == score["band"] == score["automatic_band"]
    return str(lead["band"])


async def turns(office: App, scope: Scope, lead_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    return await told(office, scope, lead_id, BECAME)


class TestDwellTime:
    async def test_a_lead_that_falls_keeps_its_band_until_the_time_is_over(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        clock.at += HOUR
        assert await band_after(office, ben, lead, "blamed") == "hot"
        clock.at += 10 * HOUR
        assert await settle(office, ben, clock) == 0
        clock.at += HOUR
        assert await settle(office, ben, clock) == 1
        assert await shown(office, ben, lead) == "warm"
        _, score = await look(office, ben, lead)
        assert score["band_since"] == int(clock.at.timestamp() * 1000)
        assert await settle(office, ben, clock) == 0

    async def test_it_keeps_it_for_good_when_the_score_recovers(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        clock.at += HOUR
        assert await band_after(office, ben, lead, "blamed") == "hot"
        clock.at += HOUR
        assert await band_after(office, ben, lead, "thanked") == "hot"
        clock.at += 20 * HOUR
        assert await settle(office, ben, clock) == 1
        assert await shown(office, ben, lead) == "hot"
        assert len(await turns(office, ben, lead)) == 2

    async def test_a_fall_by_two_bands_is_not_held_back(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        assert await band_after(office, ben, lead, "crushed") == "cold"

    @pytest.mark.parametrize("outcome", ["won", "lost"])
    async def test_nor_is_a_lead_that_is_won_or_lost(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID, outcome: str
    ) -> None:
        assert await band_after(office, ben, lead, "blamed") == "hot"
        await close(office, ben, lead, outcome)
        assert await band_after(office, ben, lead) == "warm"

    async def test_whoever_reads_the_log_anew_comes_to_the_same_bands(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        for hours, kind in ((1, "blamed"), (12, "thanked"), (1, "crushed"), (30, "praised")):
            clock.at += hours * HOUR
            await settle(office, ben, clock)
            await band_after(office, ben, lead, kind)
        before = stored(office, ben.organization_id)
        for batch in (1000, 1, 3):
            forget(office, ben.organization_id)
            await read(office, scoring(office, batch=batch), ben.organization_id)
            assert stored(office, ben.organization_id) == before


class TestEvents:
    async def test_a_change_is_an_event_of_its_own_and_says_why(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        assert await turns(office, ben, lead) == [
            (
                "lead.became_warm",
                {
                    "from": "cold", "score": 50, "score_before": 0, "reason": "", "because": "lead.captured",
                },
            ),
            (
                "lead.became_hot",
                {
                    "from": "warm", "score": 73, "score_before": 50, "reason": "Was praised",
                    "because": "behaviour.praised",
                },
            ),
        ]  # fmt: skip

    async def test_the_end_of_the_dwell_time_is_one_too(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        clock.at += HOUR
        await band_after(office, ben, lead, "blamed")
        clock.at += 11 * HOUR
        await settle(office, ben, clock)
        kind, data = (await turns(office, ben, lead))[-1]
        assert (kind, data["from"], data["score"], data["because"]) == (
            "lead.became_warm",
            "hot",
            62,
            "band.dwelt",
        )

    async def test_a_score_that_stays_in_its_band_tells_of_none(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        before = await turns(office, ben, lead)
        await band_after(office, ben, lead, "thanked")
        assert await turns(office, ben, lead) == before

    async def test_no_reader_of_the_log_answers_them_with_more(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await fold(office, ben.organization_id)
        everything = await told(office, ben, lead, "")
        for _ in range(3):
            await fold(office, ben.organization_id)
        assert await told(office, ben, lead, "") == everything

    async def test_the_timeline_tells_each_once(self, office: App, ben: Member, clock: FixedClock, lead: UUID) -> None:
        clock.at += HOUR
        await band_after(office, ben, lead, "thanked")
        async with office.work(ben) as work:
            items = (await timeline(work, lead, kinds=("lead",))).items
        lines = [(item["title"], item["detail"]) for item in items]
        assert lines[:3] == [
            ("Score changed", "73 → 83, hot"),
            ("Became hot", "50 → 73: Was praised"),
            ("Became warm", "0 → 50"),
        ]
        assert not any(title == "Score changed" for title, _ in lines[1:])


class TestSteadiness:
    async def test_flaps_are_shown_with_the_score(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        assert (await look(office, ben, lead))[1]["flaps"] == 1
        await band_after(office, ben, lead, "crushed", "praised", "praised", "praised")
        assert (await look(office, ben, lead))[1]["flaps"] == 3
        clock.at += timedelta(days=31)
        assert (await look(office, ben, lead))[1]["flaps"] == 0

    async def test_changes_of_band_are_counted_against_changes_of_score(
        self, office: App, northwind: Company, ben: Member, mallory: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await band_after(office, ben, lead, "thanked", "crushed")
        async with office.work(northwind.owner) as work:
            found = await queries.steadiness(work)
        assert found == Steadiness(updates=4, changes=2)
        assert found.per_thousand == 500
        async with office.work(mallory) as work:
            theirs = await queries.steadiness(work)
        assert (theirs, theirs.per_thousand) == (Steadiness(0, 0), None)
        blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
        async with office.work(blind) as work:
            with pytest.raises(Forbidden):
                await queries.steadiness(work)
