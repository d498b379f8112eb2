"""Periods, and figures as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.insight.kpi import Period, Unit, spelled

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")
SECONDS_FROM_2015_TO_2035 = (1_420_070_400, 2_051_222_400)
moments = st.integers(*SECONDS_FROM_2015_TO_2035).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(now=moments, zone=st.sampled_from(ZONES))
def test_each_day_stops_where_the_next_one_starts_and_now_is_in_the_last(now: datetime, zone: str) -> None:
    days = Period(now, ZoneInfo(zone)).days(14)
    assert days["stops"][:-1] == days["starts"][1:]
    assert days["starts"][-1].astimezone(UTC) <= now < days["stops"][-1].astimezone(UTC)
    for start, stop in zip(days["starts"], days["stops"], strict=True):
        length = stop.astimezone(UTC) - start.astimezone(UTC)
        assert timedelta(hours=23) <= length <= timedelta(hours=25)


@given(now=moments, zone=st.sampled_from(ZONES))
def test_months_follow_each_other(now: datetime, zone: str) -> None:
    period = Period(now, ZoneInfo(zone))
    assert period.previous_month < period.month <= period.today
    assert (period.month.day, period.previous_month.day) == (1, 1)
    assert (period.month - period.previous_month).days in (28, 29, 30, 31)


def test_an_hour_that_comes_twice_begins_the_day_once() -> None:
    """In Havana the clocks go back from one o'clock to midnight."""
    second_half_past_twelve = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    period = Period(second_half_past_twelve, ZoneInfo("America/Havana"))
    assert period.today.astimezone(UTC) == datetime(2026, 11, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, Unit.LEADS, "–"),
        (None, Unit.SECONDS, "–"),
        (0, Unit.LEADS, "0"),
        (1234567, Unit.LEADS, "1,234,567"),
        (0, Unit.PERCENT, "0.0 %"),
        (100, Unit.PERCENT, "100 %"),
        (59, Unit.SECONDS, "59 s"),
        (60, Unit.SECONDS, "1 min"),
        (7200, Unit.SECONDS, "2.0 h"),
        (86400 * 12, Unit.SECONDS, "12 d"),
    ],
)
def test_figures_are_spelled_as_people_read_them(value: float | None, unit: Unit, text: str) -> None:
    assert spelled(value, unit) == text
