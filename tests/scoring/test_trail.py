"""The course of a score that travels with its lead's row."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from leadflow.scoring.features import day_of
from leadflow.scoring.trail import DAYS, MOST, Point, extended, packed, points
from tests.scoring.leads import MONDAY

STEPS = st.lists(st.tuples(st.integers(-600, 6_000), st.integers(0, 100)), max_size=40)
LONGEST = 36


def minute(at: datetime) -> int:
    return int(day_of(at) * 1440)


def course(steps: list[tuple[int, int]], start: datetime = MONDAY) -> str:
    """The trail after each step: minutes later (or earlier), and the score then."""
    trail, at = "", start
    for minutes, score in steps:
        at += timedelta(minutes=minutes)
        trail = extended(trail, at, score)
    return trail


@hypothesis(deadline=None)
@given(STEPS)
def test_it_is_small_in_order_and_ends_with_the_score(steps: list[tuple[int, int]]) -> None:
    trail = course(steps)
    found = points(trail)
    assert len(trail) <= LONGEST
    assert len(found) <= MOST
    assert [point.minute for point in found] == sorted({point.minute for point in found})
    assert all(one.score != other.score for one, other in pairwise(found))
    if steps:
        assert found[-1].score == steps[-1][1]
        assert {point.score for point in found} <= {score for _, score in steps}


@hypothesis(deadline=None)
@given(STEPS)
def test_nothing_is_kept_of_what_was_before_the_two_weeks_but_the_level_at_their_beginning(
    steps: list[tuple[int, int]],
) -> None:
    found = points(course(steps))
    assert all(point.minute > found[-1].minute - DAYS * 1440 for point in found[1:])


@hypothesis(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2_000), st.integers(0, 100)), min_size=1, max_size=MOST))
def test_a_few_changes_are_kept_as_they_were(steps: list[tuple[int, int]]) -> None:
    told, at = [], MONDAY
    for minutes, score in steps:
        at += timedelta(minutes=minutes)
        if not told or told[-1].score != score:
            told.append(Point(minute(at), score))
    assert points(course(steps)) == told


@hypothesis(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**24 - 1), st.integers(0, 100)), min_size=1, max_size=MOST))
def test_what_is_packed_is_read_as_it_was(steps: list[tuple[int, int]]) -> None:
    newest = max(at for at, _ in steps)
    told = sorted(Point(max(at, newest - 0xFFFF), score) for at, score in steps)
    assert points(packed(told)) == told


def test_without_a_time_it_stands() -> None:
    trail = extended("", MONDAY, 15)
    assert extended(trail, None, 80) == trail
    assert extended("", None, 80) == ""


def test_of_many_steps_those_that_are_seen_stay() -> None:
    steps = [(60, 15), (60, 61), (1, 62), (1, 61), (1, 62), (1, 61), (600, 74), (1, 75), (1, 74), (600, 20)]
    assert [point.score for point in points(course(steps))][-1] == 20
    assert {15, 61, 74, 20} <= {point.score for point in points(course(steps))}


def test_a_time_before_2020_or_long_after_is_taken_for_the_nearest() -> None:
    assert points(extended("", datetime(1999, 1, 1, tzinfo=UTC), 7)) == [Point(0, 7)]
    assert points(extended("", datetime(2090, 1, 1, tzinfo=UTC), 7)) == [Point(2**24 - 1, 7)]


def test_browsers_read_this() -> None:
    """As in tests/ui/score_trail.test.mjs."""
    assert packed([Point(3_000_000, 15), Point(3_000_060, 61), Point(3_001_000, 74)]) == "LcqoA+gPA6w9AABK"
