"""The contract of the shelf of KPIs: whatever stands on it holds all of this."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.insight import kpis as shelf
from leadflow.insight.kpi import SPARK_DAYS, Kpi, Measured, Period
from leadflow.insight.queries import kpis
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.registry import discover
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads import CloseLead, LogActivity
from leadflow.tenancy.service import system_scope
from leadflow.ui.page import Page
from leadflow.views.rules import Sort, filter_from
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor
from tests.views.pipeline import NOON, Card, fill

MEMBERS = discover(shelf.__name__, Kpi, "KPI")
UTC_NOON = Period(NOON, ZoneInfo("UTC"))
each = pytest.mark.parametrize("kpi", MEMBERS.values(), ids=list(MEMBERS))

# Every figure on the shelf counts some of these: won and open, hot, touched, captured and closed a moment ago.
TELLING = [
    Card(score=90, band="hot", captured_at=NOON - timedelta(hours=1), touched_at=NOON - timedelta(minutes=50)),
    Card(stage="won", captured_at=NOON - timedelta(hours=2), closed_at=NOON - timedelta(minutes=1)),
]


@asynccontextmanager
async def looking(app: App, scope: Scope, at: datetime = NOON) -> AsyncIterator[Work]:
    async with app.work(scope) as work:
        work.clock = FixedClock(at)
        yield work


async def measured(app: App, scope: Scope, kpi: Kpi, period: Period = UTC_NOON) -> Measured:
    async with app.work(scope) as work:
        return await kpi.measure(work, period)


@each
class TestEveryKpi:
    async def test_it_has_nothing_to_say_of_an_empty_organization(self, app: App, ada: Member, kpi: Kpi) -> None:
        found = await measured(app, ada, kpi)
        assert found.value in (None, 0)
        assert found.previous in (None, 0)
        assert set(found.spark) <= {0}

    async def test_it_counts_what_is_there(self, app: App, ada: Member, kpi: Kpi) -> None:
        await fill(app, ada.organization_id, TELLING)
        assert (await measured(app, ada, kpi)).value

    async def test_it_does_not_count_what_is_mallorys(self, app: App, ada: Member, mallory: Member, kpi: Kpi) -> None:
        await fill(app, ada.organization_id, TELLING[:1])
        alone = await measured(app, ada, kpi)
        await fill(app, mallory.organization_id, TELLING * 3)
        assert await measured(app, ada, kpi) == alone

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"])
    async def test_its_spark_is_two_weeks_or_nothing(self, app: App, ada: Member, kpi: Kpi, zone: str) -> None:
        await fill(app, ada.organization_id, TELLING)
        found = await measured(app, ada, kpi, Period(NOON, ZoneInfo(zone)))
        assert len(found.spark) in (0, SPARK_DAYS)
        assert SPARK_DAYS == 14

    @pytest.mark.parametrize("at", [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)])
    async def test_the_first_moment_of_a_month_is_no_trouble(
        self, app: App, ada: Member, kpi: Kpi, at: datetime
    ) -> None:
        await fill(app, ada.organization_id, [replace(card, captured_at=at, closed_at=at) for card in TELLING])
        await measured(app, ada, kpi, Period(at, ZoneInfo("America/Los_Angeles")))

    async def test_it_does_not_count_what_is_another_teams(self, app: App, kpi: Kpi) -> None:
        floor = await sales_floor(app)
        for owner, outcome in ((floor.nora, "won"), (floor.rita, "lost"), (floor.ole, None)):
            lead = await given_to(app, floor, owner, owner.name)
            async with app.work(floor.ada) as work:
                await leads.log_activity(work, lead, LogActivity(kind="call", outcome="reached"))
                await work.session.execute(text("UPDATE lead SET band = 'hot' WHERE id = :id"), {"id": lead})
                if outcome:
                    await leads.close(work, lead, CloseLead(outcome=outcome))  # type: ignore[arg-type]  # one of two
        soon = Period(app.clock.now() + timedelta(seconds=1), ZoneInfo("UTC"))
        assert (await measured(app, floor.ada, kpi, soon)).value
        assert not (await measured(app, floor.ben, kpi, soon)).value

    def test_it_says_what_it_is(self, kpi: Kpi) -> None:
        assert 0 < len(kpi.label) <= 24
        assert kpi.help.endswith(".")

    def test_a_comparison_says_with_what(self, kpi: Kpi) -> None:
        assert not kpi.compared_with.endswith(".")

    def test_its_link_opens_a_page_of_ours_with_a_filter_that_the_page_knows(self, kpi: Kpi) -> None:
        link = urlsplit(kpi.href)
        assert link.path in {page.route for page in discover("leadflow.ui.pages", Page, "PAGE").values()}
        asked = dict(parse_qsl(link.query, strict_parsing=True))
        Sort(asked.pop("sort", "-score"))
        filter_from(asked)


class TestMidnight:
    """A day begins when it begins where the organization is, also on the days on which the clocks change."""

    @pytest.mark.parametrize(
        ("zone", "midnight"),
        [
            ("UTC", "2026-03-18T00:00+00:00"),
            ("Asia/Tokyo", "2026-03-18T00:00+09:00"),
            ("America/New_York", "2026-03-18T00:00-04:00"),
            ("Asia/Kathmandu", "2026-03-18T00:00+05:45"),
        ],
    )
    async def test_the_last_moment_of_yesterday_is_not_today(
        self, app: App, ada: Member, zone: str, midnight: str
    ) -> None:
        start = datetime.fromisoformat(midnight)
        last, first = start - timedelta(microseconds=1), start
        await fill(app, ada.organization_id, [Card(captured_at=last), Card(captured_at=first), Card(captured_at=first)])
        async with app.work(system_scope(ada.organization_id)) as work:
            await work.session.execute(text("UPDATE organization SET time_zone = :zone"), {"zone": zone})
        async with looking(app, ada, start + timedelta(hours=23)) as work:
            shown = (await kpis(work))["new_today"]
        assert (shown["value"], shown["previous"]) == (2, 0)
        assert shown["spark"][-3:] == [0, 1, 2]

    @pytest.mark.parametrize(
        ("day", "hours"),
        [("2026-10-25T00:00+02:00", 25), ("2026-03-29T00:00+01:00", 23), ("2026-06-01T00:00+02:00", 24)],
    )
    async def test_a_long_or_a_short_day_is_counted_whole_and_alone(
        self, app: App, ada: Member, day: str, hours: int
    ) -> None:
        start = datetime.fromisoformat(day).astimezone(UTC)
        stop = start + timedelta(hours=hours)
        just = timedelta(seconds=1)
        moments = [start - just, start, stop - just, stop]
        await fill(app, ada.organization_id, [Card(captured_at=moment) for moment in moments])
        berlin = ZoneInfo("Europe/Berlin")
        today = await measured(app, ada, MEMBERS["new_today"], Period(stop - just, berlin))
        assert today.value == 2
        next_day = await measured(app, ada, MEMBERS["new_today"], Period(stop + timedelta(hours=10), berlin))
        assert list(next_day.spark[-3:]) == [1, 2, 1]

    async def test_yesterday_is_counted_up_to_the_same_time_of_day(self, app: App, ada: Member) -> None:
        moments = ["2026-10-24T11:59+02:00", "2026-10-24T12:01+02:00", "2026-10-25T11:00+01:00"]
        await fill(app, ada.organization_id, [Card(captured_at=datetime.fromisoformat(moment)) for moment in moments])
        noon = datetime.fromisoformat("2026-10-25T12:00+01:00").astimezone(UTC)
        found = await measured(app, ada, MEMBERS["new_today"], Period(noon, ZoneInfo("Europe/Berlin")))
        assert (found.value, found.previous) == (1, 1)


class TestShelf:
    async def test_screens_get_all_of_it_in_order_with_words_for_every_figure(self, app: App, ada: Member) -> None:
        async with looking(app, ada) as work:
            shown = await kpis(work)
        assert list(shown) == sorted(MEMBERS, key=lambda name: MEMBERS[name].position)
        for kpi in shown.values():
            assert kpi["text"]
            assert kpi["better"] in ("up", "down")

    def test_no_two_want_the_same_place(self) -> None:
        assert len({kpi.position for kpi in MEMBERS.values()}) == len(MEMBERS)

    async def test_it_is_shown_to_those_who_may_see_it(self, app: App, ada: Member, viewer: Member) -> None:
        async with looking(app, viewer) as work:
            assert await kpis(work)
        async with looking(app, Scope(ada.organization_id, Actor(ActorKind.API_KEY), frozenset())) as work:
            with pytest.raises(Forbidden, match=r"insight\.read"):
                await kpis(work)
