"""Each figure of the shelf equals the plainest way to compute it from the leads themselves."""

import random
import statistics
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadflow.bootstrap import App
from leadflow.insight import kpis as shelf
from leadflow.insight.kpi import Kpi, Measured, Period
from leadflow.kernel.registry import discover
from tests.fixtures.cast import Member
from tests.views.pipeline import CLOSED, NOON, Card, fill, shuffled

SEEDS = range(4)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin")
# Half of these see a day of 23 or 25 hours in New York or Berlin within their two weeks.
TIMES = (NOON, datetime.fromisoformat("2026-11-02T20:15+00:00"))


@pytest.fixture(params=[(seed, zone) for seed in SEEDS for zone in ZONES], ids=str)
def case(request: pytest.FixtureRequest) -> tuple[list[Card], Period]:
    seed, zone = request.param
    at = TIMES[seed % 2]
    return shuffled(random.Random(seed), 90, [None], at=at), Period(at, ZoneInfo(zone))


def in_days(cards: Iterable[Card], period: Period, moment: str) -> list[list[Card]]:
    """The cards of each of the last fourteen calendar days."""
    today = period.now.astimezone(period.zone).date()
    days: list[list[Card]] = [[] for _ in range(14)]
    for card in cards:
        at = getattr(card, moment)
        ago = (today - at.astimezone(period.zone).date()).days if at else -1
        if 0 <= ago < 14:
            days[13 - ago].append(card)
    return days


def conversion(cards: list[Card]) -> float | None:
    return 100 * sum(card.stage == "won" for card in cards) / len(cards) if cards else None


def speed(cards: Iterable[Card]) -> float | None:
    waits = [(card.touched_at - card.captured_at).total_seconds() for card in cards if card.touched_at]
    return statistics.median(waits) if waits else None


async def measured(app: App, ada: Member, name: str, case: tuple[list[Card], Period]) -> Measured:
    cards, period = case
    await fill(app, ada.organization_id, cards)
    async with app.work(ada) as work:
        found = await discover(shelf.__name__, Kpi, "KPI")[name].measure(work, period)
    return Measured(found.value, found.previous, list(found.spark))


async def test_new_today(app: App, ada: Member, case: tuple[list[Card], Period]) -> None:
    found = await measured(app, ada, "new_today", case)
    cards, period = case
    days = in_days(cards, period, "captured_at")
    time_of_day = period.now.astimezone(period.zone).time()
    by_now = [card for card in days[-2] if card.captured_at.astimezone(period.zone).time() < time_of_day]
    assert found == Measured(len(days[-1]), len(by_now), [len(day) for day in days])


async def test_hot_now(app: App, ada: Member, case: tuple[list[Card], Period]) -> None:
    found = await measured(app, ada, "hot_now", case)
    assert found.value == sum(card.band == "hot" and card.stage not in CLOSED for card in case[0])


async def test_conversion_this_month(app: App, ada: Member, case: tuple[list[Card], Period]) -> None:
    found = await measured(app, ada, "conversion_this_month", case)
    cards, period = case
    closed = [(card.closed_at, card) for card in cards if card.closed_at and card.closed_at < period.now]
    month = period.now.astimezone(period.zone)
    last = month.replace(day=1) - timedelta(days=1)

    def during(when: datetime) -> list[Card]:
        local = [(at.astimezone(period.zone), card) for at, card in closed]
        return [card for at, card in local if (at.year, at.month) == (when.year, when.month)]

    assert found.value == pytest.approx(conversion(during(month)))
    assert found.previous == pytest.approx(conversion(during(last)))
    assert found.spark == pytest.approx([conversion(day) or 0 for day in in_days(cards, period, "closed_at")])


async def test_speed_to_first_touch(app: App, ada: Member, case: tuple[list[Card], Period]) -> None:
    found = await measured(app, ada, "speed_to_first_touch", case)
    cards, period = case
    days = in_days([card for card in cards if card.captured_at < period.now], period, "captured_at")
    assert found.value == pytest.approx(speed(card for day in days[7:] for card in day))
    assert found.previous == pytest.approx(speed(card for day in days[:7] for card in day))
    everybody = in_days(cards, period, "captured_at")
    assert found.spark == pytest.approx([speed(day) or 0 for day in everybody])
