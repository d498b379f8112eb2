"""What is counted by day gives the figures of any period, as far as the intervals of counting go."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring import figures
from leadflow.scoring.config import DEFAULT, Band
from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.learning import Grade
from leadflow.scoring.monitoring.reading import (
    auc,
    by_band,
    calibration_error,
    groups,
    merged,
    summary,
    wilson,
)  # fmt: skip
from leadflow.scoring.monitoring.running import WINDOW, running
from leadflow.scoring.monitoring.tally import BIN, UNIT, Book, Tally, bin_of, usual

SAID = st.floats(-12.0, 12.0)
GRADE = st.builds(Grade, st.just("mix"), st.floats(0.0, 5.0), SAID, st.booleans(), st.sampled_from([0.5, 1.0]))
WHOLE = st.lists(st.tuples(SAID, st.booleans()), min_size=1, max_size=80)


def tally_of(pairs: list[tuple[float, bool]]) -> Tally:
    tally = Tally()
    for said, won in pairs:
        tally.add(said, 1.0, usual(0, 0), won=won)
    return tally


class TestFigures:
    @given(WHOLE)
    def test_losses_are_the_exact_ones(self, pairs: list[tuple[float, bool]]) -> None:
        p, won = [sigmoid(said) for said, _ in pairs], [end for _, end in pairs]
        told = summary(tally_of(pairs))
        assert told is not None
        assert told.outcomes == len(pairs)
        assert told.log_loss == pytest.approx(figures.log_loss(p, won), abs=1e-8)
        assert told.brier == pytest.approx(figures.brier(p, won), abs=1e-8)
        assert told.said == pytest.approx(figures.mean(p), abs=1e-8)
        assert told.won == pytest.approx(figures.mean(won))

    @given(WHOLE)
    def test_auc_is_off_by_the_pairs_of_one_interval_at_most(self, pairs: list[tuple[float, bool]]) -> None:
        tally = tally_of(pairs)
        exact = figures.auc([said for said, _ in pairs], [won for _, won in pairs])
        found = auc(tally)
        if found is None:
            assert math.isnan(exact)
            return
        lost = tally.weight - tally.wins
        together = sum(wins * (weight - wins) for weight, wins, _ in tally.bins.values())
        assert abs(found - exact) <= together / (2 * tally.wins * lost) + 1e-12

    @given(WHOLE)
    def test_calibration_error_is_exact_for_the_groups_it_is_of(self, pairs: list[tuple[float, bool]]) -> None:
        tally = tally_of(pairs)
        known = groups(tally)
        edges = [each.high for each in known[:-1]]
        by_group: dict[int, list[float]] = {}
        for said, won in pairs:
            place = sum(edge <= sigmoid(bin_of(said) * BIN) + 1e-12 for edge in edges)
            by_group.setdefault(place, []).append(sigmoid(said) - won)
        exact = sum(abs(math.fsum(each)) for each in by_group.values()) / len(pairs)
        assert calibration_error(known) == pytest.approx(exact, abs=1e-7)
        assert sum(each.outcomes for each in known) == pytest.approx(len(pairs))

    def test_what_was_expected_is_what_came_where_the_model_is_right(self) -> None:
        tally = Tally()
        for _ in range(1000):
            tally.add(math.log(0.25 / 0.75), 0.25, 0.0, won=True)
            tally.add(math.log(0.25 / 0.75), 0.75, 0.0, won=False)
        told = summary(tally)
        assert told is not None
        assert told.log_loss == pytest.approx(told.expected_loss)
        assert told.skill == pytest.approx(1.0 - told.log_loss / math.log(2.0))

    def test_a_share_lies_within_its_interval(self) -> None:
        assert wilson(0.0, 0.0) == (0.0, 1.0)
        assert [round(each, 4) for each in wilson(81, 263)] == [0.2553, 0.3662]  # Newcombe 1998, table I


class TestBook:
    @given(st.lists(GRADE, max_size=60), st.randoms(use_true_random=False), st.integers(1, 7))
    def test_batches_make_no_difference(self, told: list[Grade], dice: object, size: int) -> None:
        whole, parts, totals = Book(), [], {}
        whole.add_all(told)
        for start in range(0, len(told), size):
            book = Book(totals)
            some = told[start : start + size]
            book.add_all(some)
            weight, wins = totals.get("mix", (0, 0))
            weight += sum(round(each.weight * UNIT) for each in some)
            totals = {"mix": (weight, wins + sum(round(each.weight * UNIT) for each in some if each.won))}
            parts.append(book)
        for (model, day), tally in whole.days.items():
            put_together = merged(book.days[model, day] for book in reversed(parts) if (model, day) in book.days)
            assert put_together.to_json() == tally.to_json()
            assert Tally.from_json(tally.to_json()) == tally

    def test_the_usual_share_is_the_one_of_before(self) -> None:
        book = Book()
        book.add_all([Grade("mix", 1.0, 0.0, won, 1.0) for won in (True, False, True)])
        expected = [usual(0, 0), usual(UNIT, UNIT), usual(2 * UNIT, UNIT)]
        losses = [math.log1p(math.exp(-z if won else z)) for z, won in zip(expected, (True, False, True), strict=True)]
        assert book.days["mix", date(2020, 1, 2)].usual_loss == pytest.approx(sum(losses) * UNIT, abs=2)


class TestRunning:
    @given(st.lists(st.lists(st.tuples(SAID, st.booleans()), max_size=4), min_size=1, max_size=70))
    def test_each_day_is_of_the_window_that_ends_with_it(self, lived: list[list[tuple[float, bool]]]) -> None:
        start = date(2026, 1, 1)
        days = [(start + timedelta(days=n), tally_of(pairs)) for n, pairs in enumerate(lived) if pairs]
        first, last = start + timedelta(days=len(lived) // 2), start + timedelta(days=len(lived) - 1)
        for point in running(days, first, last):
            window = [tally for day, tally in days if point.day - timedelta(days=WINDOW) < day <= point.day]
            assert point.figures == summary(merged(window))


class TestBands:
    def test_leads_are_in_the_band_that_the_learned_part_would_put_them_in(self) -> None:
        found = by_band(tally_of([(-5.0, False), (0.9, True), (-0.8, False)] * 3), DEFAULT)
        counts = {band: group.outcomes if group else 0 for band, group in found.items()}
        assert counts == {Band.HOT: 3, Band.WARM: 3, Band.COLD: 3}
        assert by_band(Tally(), DEFAULT) == dict.fromkeys(Band)
