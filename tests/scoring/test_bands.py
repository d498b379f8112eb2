"""Bands: up at once, down reluctantly, and never more often than by the thresholds alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.bands import MOST_CHANGES, NEW, PERIOD, Standing, band, falls_at, move, plain
from leadflow.scoring.config import Band, Thresholds
from tests.scoring.leads import MONDAY

HOUR = timedelta(hours=1)
THRESHOLDS = Thresholds(hot=70, warm=40, hysteresis=4, dwell_hours=12)
Walk = Sequence[tuple[int, int]]
"""Scores, and after how many hours each."""


def times(walk: Walk) -> list[tuple[int, datetime]]:
    at, found = MONDAY, []
    for score, hours in walk:
        at += hours * HOUR
        found.append((score, at))
    return found


def live(walk: Walk, thresholds: Thresholds, *, is_settled: bool = False) -> list[tuple[Band, Standing, datetime]]:
    """A lead's bands over time; settled, also at the moments at which a dwell time ends."""
    seen: list[tuple[Band, Standing, datetime]] = []
    now, standing, last = None, NEW, 0
    for score, at in times(walk):
        if is_settled and now and (due := falls_at(last, now, standing, thresholds)) and due <= at:
            now, standing = move(last, now, standing, due, thresholds)
            seen.append((now, standing, due))
        now, standing = move(score, now, standing, at, thresholds)
        seen.append((now, standing, at))
        last = score
    return seen


def changes(bands: Sequence[Band]) -> int:
    return sum(one is not other for one, other in pairwise(bands))


WALKS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 40)), min_size=1, max_size=60)
ANY = st.builds(
    Thresholds,
    hot=st.integers(50, 90),
    warm=st.integers(10, 49),
    hysteresis=st.integers(0, 20),
    dwell_hours=st.integers(0, 100),
)


class TestHysteresis:
    @pytest.mark.parametrize(
        ("score", "previous", "expected"),
        [
            (70, None, Band.HOT),
            (69, None, Band.WARM),
            (40, None, Band.WARM),
            (39, None, Band.COLD),
            (66, Band.HOT, Band.HOT),
            (65, Band.HOT, Band.WARM),
            (69, Band.WARM, Band.WARM),
            (36, Band.WARM, Band.WARM),
            (36, Band.HOT, Band.COLD),
            (35, Band.WARM, Band.COLD),
            (39, Band.COLD, Band.COLD),
            (100, Band.COLD, Band.HOT),
            (0, Band.HOT, Band.COLD),
        ],
    )
    def test_it_rises_at_once_and_falls_reluctantly(self, score: float, previous: Band | None, expected: Band) -> None:
        assert band(score, previous, THRESHOLDS) is expected

    def test_a_trembling_score_does_not_flicker(self) -> None:
        now, seen = Band.COLD, []
        for score in (69, 71, 69, 70, 67, 71, 66):
            now = band(score, now, THRESHOLDS)
            seen.append(now)
        assert seen == [Band.WARM, *[Band.HOT] * 6]


class TestDwellTime:
    def test_a_fall_waits_until_the_lead_has_been_in_its_band_for_so_long(self) -> None:
        seen = live([(75, 0), (50, 1), (50, 10), (50, 1)], THRESHOLDS)
        assert [each for each, _, _ in seen] == [Band.HOT, Band.HOT, Band.HOT, Band.WARM]
        assert seen[1][1] == Standing(MONDAY)
        assert falls_at(50, Band.HOT, seen[1][1], THRESHOLDS) == MONDAY + 12 * HOUR
        assert seen[-1][1] == Standing(MONDAY + 12 * HOUR, (MONDAY + 12 * HOUR,))

    def test_nothing_is_left_of_it_when_the_score_recovers(self) -> None:
        seen = live([(75, 0), (50, 1), (72, 1), (72, 30)], THRESHOLDS)
        assert {each for each, _, _ in seen} == {Band.HOT}
        assert falls_at(72, Band.HOT, seen[-1][1], THRESHOLDS) is None

    def test_a_rise_waits_for_nothing(self) -> None:
        assert [each for each, _, _ in live([(10, 0), (45, 0), (75, 0)], THRESHOLDS)] == [
            Band.COLD,
            Band.WARM,
            Band.HOT,
        ]

    def test_a_fall_by_two_bands_waits_for_nothing(self) -> None:
        assert [each for each, _, _ in live([(75, 0), (20, 0)], THRESHOLDS)] == [Band.HOT, Band.COLD]

    def test_a_lead_that_is_won_or_lost_waits_for_nothing(self) -> None:
        fallen, standing = move(50, Band.HOT, Standing(MONDAY), MONDAY, THRESHOLDS, is_closed=True)
        assert (fallen, standing.since) == (Band.WARM, MONDAY)

    def test_switched_off_it_makes_no_difference(self) -> None:
        off = THRESHOLDS.model_copy(update={"dwell_hours": 0.0})
        assert [each for each, _, _ in live([(75, 0), (50, 0)], off)] == [Band.HOT, Band.WARM]

    def test_of_a_lead_scored_before_there_was_one_the_time_is_over(self) -> None:
        assert move(50, Band.HOT, NEW, MONDAY, THRESHOLDS) == (Band.WARM, Standing(MONDAY, (MONDAY,)))

    def test_an_event_that_comes_late_does_not_turn_time_back(self) -> None:
        known = Standing(MONDAY, (MONDAY,))
        now, standing = move(80, Band.WARM, known, MONDAY - 5 * HOUR, THRESHOLDS)
        assert (now, standing) == (Band.HOT, Standing(MONDAY, (MONDAY, MONDAY)))


class TestFlaps:
    def test_changes_of_the_last_thirty_days_are_counted(self) -> None:
        standing = live([(75, 0), (20, 24), (75, 24), (20, 24)], THRESHOLDS)[-1][1]
        now = MONDAY + 72 * HOUR
        assert standing.flaps(now) == 3
        assert standing.flaps(MONDAY + 24 * HOUR + PERIOD) == 2
        assert standing.flaps(now + PERIOD) == 0

    def test_no_more_are_kept_than_there_is_room_for(self) -> None:
        standing = live([(75 if number % 2 else 20, 1) for number in range(200)], THRESHOLDS)[-1][1]
        assert len(standing.changes) == MOST_CHANGES
        assert standing.changes[-1] == MONDAY + 200 * HOUR


class TestAnyWalk:
    @given(WALKS, ANY, st.booleans())
    def test_there_are_never_more_changes_than_by_the_thresholds_alone(
        self, walk: Walk, thresholds: Thresholds, is_settled: bool
    ) -> None:
        kept = [each for each, _, _ in live(walk, thresholds, is_settled=is_settled)]
        assert changes(kept) <= changes([plain(score, thresholds) for score, _ in walk])

    @given(WALKS, ANY)
    def test_without_hysteresis_and_dwell_time_the_thresholds_decide(self, walk: Walk, thresholds: Thresholds) -> None:
        bare = thresholds.model_copy(update={"dwell_hours": 0.0, "hysteresis": 0.0})
        assert [each for each, _, _ in live(walk, bare)] == [plain(score, bare) for score, _ in walk]

    @given(WALKS, ANY)
    def test_no_lead_is_above_its_band(self, walk: Walk, thresholds: Thresholds) -> None:
        order = [Band.COLD, Band.WARM, Band.HOT]
        for (score, _), (now, _, _) in zip(walk, live(walk, thresholds), strict=True):
            assert order.index(now) >= order.index(plain(score, thresholds))

    @given(WALKS, ANY)
    def test_a_fall_by_one_band_comes_after_the_dwell_time(self, walk: Walk, thresholds: Thresholds) -> None:
        order = [Band.COLD, Band.WARM, Band.HOT]
        for (was, before, _), (now, _, at) in pairwise(live(walk, thresholds, is_settled=True)):
            if order.index(was) - order.index(now) == 1:
                assert before.since is not None
                assert at - before.since >= timedelta(hours=thresholds.dwell_hours)

    @given(WALKS, ANY)
    def test_once_the_dwell_time_is_over_no_fall_waits(self, walk: Walk, thresholds: Thresholds) -> None:
        now, standing, _ = live(walk, thresholds)[-1]
        score = walk[-1][0]
        if due := falls_at(score, now, standing, thresholds):
            assert move(score, now, standing, due, thresholds)[0] is plain(score, thresholds)

    @given(WALKS, ANY, st.integers(0, 60))
    def test_where_a_batch_ends_makes_no_difference(self, walk: Walk, thresholds: Thresholds, cut: int) -> None:
        whole = live(walk, thresholds)
        now, standing = (None, NEW) if cut == 0 else whole[min(cut, len(walk)) - 1][:2]
        for score, at in times(walk)[cut:]:
            now, standing = move(score, now, standing, at, thresholds)
        assert (now, standing) == whole[-1][:2]
