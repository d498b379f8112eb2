"""Working time, whatever the week, the zone and the absences."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from leadflow.tenancy.hours import DAYS
from leadflow.tenancy.worktime import WorkTime

ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo")
NIGHT_OF_SPRING: Final = datetime(2026, 3, 28, 23, tzinfo=UTC)
"""Midnight in Berlin, before the clock skips from two to three."""

moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def _shifts(marks: set[int]) -> list[list[str]]:
    times = [f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in sorted(marks)]
    return [list(pair) for pair in zip(times[::2], times[1::2], strict=False)]


weeks = st.none() | st.fixed_dictionaries({day: st.sets(st.integers(0, 96), max_size=8).map(_shifts) for day in DAYS})
absences = st.lists(st.builds(lambda at, span: (at, at + span), moments, spans), max_size=6).map(tuple)
work_times = st.builds(WorkTime, weeks, st.sampled_from(ZONES), absences)


@given(work_times, moments, spans)
@settings(max_examples=150, deadline=None)
def test_between_is_the_inverse_of_after(works: WorkTime, start: datetime, span: timedelta) -> None:
    end = works.after(start, span)
    assert end is None or works.between(start, end) == span


@given(work_times, moments, spans, spans)
@settings(max_examples=150, deadline=None)
def test_periods_add_up_and_never_exceed_the_clock(
    works: WorkTime, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    assert works.between(start, middle) + works.between(middle, end) == works.between(start, end)
    assert timedelta() <= works.between(start, end) <= end - start


@given(work_times, moments, spans, spans)
@settings(max_examples=150, deadline=None)
def test_more_work_is_done_later(works: WorkTime, start: datetime, first: timedelta, second: timedelta) -> None:
    sooner, later = works.after(start, first), works.after(start, first + second)
    assert later is None or (sooner is not None and start < sooner < later)


def test_no_moment_of_the_skipped_hour_counts_twice() -> None:
    works = WorkTime({"sunday": [["02:00", "02:30"], ["03:00", "04:00"]]}, "Europe/Berlin")
    assert works.between(NIGHT_OF_SPRING, NIGHT_OF_SPRING + timedelta(days=1)) == timedelta(hours=1)


def test_a_whole_day_is_as_long_as_the_clock_makes_it() -> None:
    works = WorkTime({day: [["00:00", "24:00"]] for day in DAYS}, "Europe/Berlin")
    assert works.between(NIGHT_OF_SPRING, NIGHT_OF_SPRING + timedelta(hours=23)) == timedelta(hours=23)
    assert works.after(NIGHT_OF_SPRING, timedelta(hours=24)) == NIGHT_OF_SPRING + timedelta(hours=24)


def test_absences_that_overlap_count_once() -> None:
    day = datetime(2026, 1, 5, tzinfo=UTC)
    hours = [day + timedelta(hours=hour) for hour in range(9)]
    works = WorkTime(None, "UTC", ((hours[2], hours[6]), (hours[1], hours[3]), (hours[3], hours[4])))
    assert works.between(day, hours[8]) == timedelta(hours=3)
