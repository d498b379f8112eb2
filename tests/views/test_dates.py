"""Days and periods as moments, where days begin at other times than in UTC and are not always as long."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.views.conditions.dates import PERIODS, before_days_ago, days, is_period, midnight, period

NOW = datetime(2026, 5, 14, 22, 30, tzinfo=UTC)
"""A Thursday evening; Friday in Berlin and Tokyo."""
ZONES = ("UTC", "Europe/Berlin", "Asia/Tokyo", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu")
MOVING = st.builds(
    "{}_{}_{}s".format,
    st.sampled_from(["last", "next"]),
    st.integers(1, 100),
    st.sampled_from(["day", "week", "month"]),
)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-05-15", "2026-05-15"),
        ("yesterday", "2026-05-14", "2026-05-14"),
        ("tomorrow", "2026-05-16", "2026-05-16"),
        ("this_week", "2026-05-11", "2026-05-17"),
        ("this_month", "2026-05-01", "2026-05-31"),
        ("this_quarter", "2026-04-01", "2026-06-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_1_days", "2026-05-15", "2026-05-15"),
        ("last_7_days", "2026-05-09", "2026-05-15"),
        ("last_2_weeks", "2026-05-02", "2026-05-15"),
        ("last_3_months", "2026-02-16", "2026-05-15"),
        ("next_1_days", "2026-05-15", "2026-05-15"),
        ("next_7_days", "2026-05-15", "2026-05-21"),
        ("next_1_months", "2026-05-15", "2026-06-14"),
    ],
)
def test_a_period_is_days_of_the_zone(name: str, first: str, last: str) -> None:
    expected = days(date.fromisoformat(first), date.fromisoformat(last), "Europe/Berlin")
    assert period(name, NOW, "Europe/Berlin") == expected


def test_months_end_with_the_last_day_they_have() -> None:
    found = period("last_1_months", datetime(2026, 3, 30, tzinfo=UTC), "UTC")
    assert found.start == datetime(2026, 2, 28, tzinfo=UTC)


def test_a_quarter_may_end_with_the_year() -> None:
    found = period("this_quarter", datetime(2026, 12, 31, tzinfo=UTC), "UTC")
    assert found == (datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def test_the_day_on_which_the_clocks_change_has_its_own_length() -> None:
    spring, autumn = (days(day, day, "Europe/Berlin") for day in (date(2026, 3, 29), date(2026, 10, 25)))
    assert spring.end - spring.start == timedelta(hours=23)
    assert autumn.end - autumn.start == timedelta(hours=25)


@given(st.one_of(st.sampled_from(PERIODS), MOVING), MOMENTS, st.sampled_from(ZONES))
def test_every_period_is_whole_days_that_are_in_order(name: str, now: datetime, zone: str) -> None:
    assert is_period(name)
    span = period(name, now, zone)
    assert span.start < span.end
    for edge in span:
        assert edge == midnight(edge.astimezone(ZoneInfo(zone)).date(), zone)
    if name not in {"yesterday", "tomorrow"}:
        assert span.start <= now < span.end, "today is always part of it"


SKIPS_A_DAY = "Pacific/Apia"
"""There was no 30 December 2011."""


@given(st.integers(1, 3660), MOMENTS, st.sampled_from(ZONES))
def test_more_than_some_days_ago_is_before_the_last_of_them(many: int, now: datetime, zone: str) -> None:
    until = before_days_ago(many, now, zone)
    clocks = timedelta(hours=26 if zone == SKIPS_A_DAY else 2)
    assert until <= now - timedelta(days=many) + clocks
    assert until > now - timedelta(days=many + 1) - clocks


@pytest.mark.parametrize(
    "name", ["", "ever", "last_0_days", "last_-1_days", "last_99999_days", "next_999_months", "last_7_day"]
)
def test_what_is_no_period(name: str) -> None:
    assert not is_period(name)


def test_an_unknown_period_is_an_error() -> None:
    with pytest.raises(ValueError, match="ever"):
        period("ever", NOW, "UTC")
