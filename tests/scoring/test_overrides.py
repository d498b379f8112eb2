"""A lead held in a band by hand: shown so everywhere, for as long as was said, whatever its score does meanwhile."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.leads import UpdateLead
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.queries import timeline
from leadflow.scoring import queries
from leadflow.scoring.config import Band
from leadflow.scoring.errors import LeadClosed
from leadflow.scoring.overrides import service
from leadflow.scoring.overrides.commands import HoldBand
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import as_superuser, fold
from tests.fixtures.patience import eventually
from tests.scoring.holding import bands, due, expire, happens, hold, release, rows, shown, somebody_waits
from tests.scoring.lives import STEADY, behave, capture, close, forget, look, score_by, told

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def lead(office: App, ben: Member, clock: FixedClock) -> UUID:
    """Warm, at 50."""
    await score_by(office, ben, STEADY)
    lead_id = await capture(office, ben, email="grace@acme.example")
    await fold(office, ben.organization_id, "scoring")
    return lead_id


class TestHolding:
    async def test_a_held_band_is_the_one_that_everybody_sees(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot", hours=24, reason="Met at the fair")
        assert await shown(office, ben, lead) == "hot"
        assert str(lead) in await rows(office, ben, band=("hot",))
        assert str(lead) not in await rows(office, ben, band=("warm",))
        _, score = await look(office, ben, lead)
        assert (score["automatic_band"], round(score["score"])) == ("warm", 50)
        until = int((clock.at + DAY).timestamp() * 1000)
        assert score["held"] == {"until": until, "by": "Ben", "reason": "Met at the fair"}
        assert due(office, ben) == [clock.at + DAY]

    async def test_the_log_says_so_and_the_timeline_in_one_line(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot", reason="Met at the fair")
        held, became = (await told(office, ben, lead, "lead.band_", "lead.became_"))[1:]
        assert held == (
            "lead.band_held",
            {
                "band": "hot", "from": "warm", "reason": "Met at the fair", "for_hours": 168,
                "until": (clock.at + 7 * DAY).isoformat(),
            },
        )  # fmt: skip
        assert became[0] == "lead.became_hot"
        assert (became[1]["from"], became[1]["score"], became[1]["because"]) == ("warm", 50, "lead.band_held")
        await release(office, ben, lead)
        async with office.work(ben) as work:
            items = (await timeline(work, lead, limit=2)).items
        assert [(item["title"], item["detail"], item["actor"]) for item in items] == [
            ("No longer held", "let go by hand, warm by its score", "Ben"),
            ("Held by hand", "hot for 7 days: Met at the fair", "Ben"),
        ]

    async def test_the_score_goes_on_beneath_it(self, office: App, ben: Member, clock: FixedClock, lead: UUID) -> None:
        await hold(office, ben, lead, "cold")
        await happens(office, ben, lead, "praised")
        assert await shown(office, ben, lead) == "cold"
        detail, score = await look(office, ben, lead)
        assert (detail["score"], score["automatic_band"], score["flaps"]) == (73, "hot", 1)
        assert await bands(office, ben, lead) == ["band_held", "became_cold"]
        await release(office, ben, lead)
        assert await shown(office, ben, lead) == "hot"
        assert await bands(office, ben, lead) == ["band_held", "became_cold", "band_released", "became_hot"]

    async def test_held_in_the_band_of_its_score_it_changes_nothing_but_stays(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "warm")
        await happens(office, ben, lead, "praised")
        assert await shown(office, ben, lead) == "warm"
        assert await bands(office, ben, lead) == ["band_held"]

    async def test_it_outlives_scores_that_are_made_anew(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot")
        forget(office, ben.organization_id)
        await fold(office, ben.organization_id, "scoring")
        assert await shown(office, ben, lead) == "hot"

    async def test_a_lead_that_was_never_scored_can_be_held(self, office: App, ben: Member, clock: FixedClock) -> None:
        fresh = await capture(office, ben, email="new@acme.example")
        await hold(office, ben, fresh, "hot")
        assert await shown(office, ben, fresh) == "hot"
        _, score = await look(office, ben, fresh)
        assert (score["automatic_band"], "score" in score) == ("cold", False)
        await release(office, ben, fresh)
        detail, score = await look(office, ben, fresh)
        assert (detail["band"], detail["held_until"], score) == ("cold", None, {})

    async def test_a_score_that_is_made_at_the_same_moment_does_not_undo_it(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await behave(office, ben, lead, "praised")
        async with office.work(ben) as work:
            await service.hold(work, lead, HoldBand(band=Band.COLD))
            reading = asyncio.create_task(fold(office, ben.organization_id, "scoring"))
            await eventually(lambda: somebody_waits(office))
        await reading
        assert await shown(office, ben, lead) == "cold"
        assert (await look(office, ben, lead))[1]["automatic_band"] == "hot"
        assert sorted(await bands(office, ben, lead)) == ["band_held", "became_cold"]


class TestAgain:
    async def test_of_two_holds_the_second_counts(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot", hours=2)
        await hold(office, ben, lead, "cold", hours=48)
        assert await shown(office, ben, lead) == "cold"
        assert await bands(office, ben, lead) == ["band_held", "became_hot", "band_held", "became_cold"]
        clock.at += 2 * HOUR
        await expire(office, ben)
        assert await shown(office, ben, lead) == "cold"
        clock.at += 46 * HOUR
        await expire(office, ben)
        assert await shown(office, ben, lead) == "warm"

    async def test_said_twice_it_is_held_once(self, office: App, ben: Member, clock: FixedClock, lead: UUID) -> None:
        for seconds in (0, 5):
            clock.at += timedelta(seconds=seconds)
            await hold(office, ben, lead, "hot", hours=24)
        assert await bands(office, ben, lead) == ["band_held", "became_hot"]

    async def test_let_go_twice_it_is_let_go_once(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot")
        for _ in range(2):
            await release(office, ben, lead)
        assert await bands(office, ben, lead) == ["band_held", "became_hot", "band_released", "became_warm"]


class TestTheEnd:
    async def test_when_the_time_is_up_the_band_of_the_score_returns(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot", until=clock.at + 3 * HOUR)
        clock.at += 2 * HOUR
        await expire(office, ben)
        assert await shown(office, ben, lead) == "hot"
        clock.at += HOUR
        for _ in range(2):
            await expire(office, ben)
        assert await shown(office, ben, lead) == "warm"
        (_, data), became = (await told(office, ben, lead, "lead.band_", "lead.became_"))[-2:]
        assert data == {"band": "warm", "from": "hot", "how": "expired"}
        assert became[0] == "lead.became_warm"

    async def test_one_ends_and_the_next_is_waited_for(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID
    ) -> None:
        other = await capture(office, ben, email="other@acme.example")
        await hold(office, ben, lead, "hot", hours=1)
        await hold(office, ben, other, "hot", hours=5)
        assert due(office, ben) == [clock.at + HOUR]
        with as_superuser(office.settings) as admin:
            admin.execute("DELETE FROM job WHERE organization_id = %s", (ben.organization_id,))
        last = clock.at + 5 * HOUR
        clock.at += HOUR
        await expire(office, ben)
        assert (await shown(office, ben, lead), await shown(office, ben, other)) == ("warm", "hot")
        assert due(office, ben) == [last]

    @pytest.mark.parametrize("outcome", ["won", "lost"])
    async def test_a_lead_that_is_won_or_lost_is_let_go_and_cannot_be_held(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID, outcome: str
    ) -> None:
        await hold(office, ben, lead, "hot")
        await close(office, ben, lead, outcome)
        await fold(office, ben.organization_id, "scoring")
        assert await shown(office, ben, lead) == "warm"
        assert (await told(office, ben, lead, "lead.band_released"))[0][1]["how"] == "closed"
        with pytest.raises(LeadClosed):
            await hold(office, ben, lead, "hot")
        async with office.work(ben) as work:
            await leads.update(work, lead, UpdateLead(stage="contacted"))
        await hold(office, ben, lead, "hot")
        forget(office, ben.organization_id)
        await fold(office, ben.organization_id, "scoring")
        assert await shown(office, ben, lead) == "hot"

    @pytest.mark.parametrize("hours", [0.5, 91 * 24])
    async def test_no_shorter_than_an_hour_and_no_longer_than_90_days(
        self, office: App, ben: Member, clock: FixedClock, lead: UUID, hours: float
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await hold(office, ben, lead, "hot", until=clock.at + timedelta(hours=hours))
        assert [problem.field for problem in refused.value.problems] == ["until"]
        with pytest.raises(ValueError, match="hours"):
            await hold(office, ben, lead, "hot", hours=hours)
        with pytest.raises(ValueError, match="either"):
            await hold(office, ben, lead, "hot", hours=5, until=clock.at + DAY)
        assert await shown(office, ben, lead) == "warm"


class TestRights:
    async def test_only_those_who_may_change_the_lead(
        self, office: App, northwind: Company, ben: Member, mallory: Member, clock: FixedClock, lead: UUID
    ) -> None:
        await hold(office, ben, lead, "hot")
        for stranger, error in ((mallory, LeadNotFound), (northwind.viewer, Forbidden)):
            with pytest.raises(error):
                await hold(office, stranger, lead, "cold")
            with pytest.raises(error):
                await release(office, stranger, lead)
        await expire(office, mallory)
        assert await shown(office, ben, lead) == "hot"
        async with office.work(mallory) as work:
            assert await queries.score_of(work, lead) == {}
            found = await work.session.execute(text("SELECT count(*) FROM score_override"))
        assert found.scalar_one() == 0
