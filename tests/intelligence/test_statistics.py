"""The statistics behind insights: against their definitions, and against brute force."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.intelligence.sources import horizon_of
from leadflow.intelligence.statistics import (
    FEWEST_AT_RISK,
    Lives,
    decided_by,
    median,
    quantile,
    smoothed,
    wilson,
    won_by,
)

days = st.dictionaries(st.integers(0, 60), st.integers(1, 30), max_size=12)
lives = st.builds(Lives, days, days, days)
shares = st.floats(0, 1)
tries = st.integers(0, 10_000)


@given(tries, tries, shares, st.floats(0.1, 100))
def test_a_smoothed_share_lies_between_what_was_seen_and_what_was_expected(
    hits: int, more: int, prior: float, weight: float
) -> None:
    seen = hits / (hits + more) if hits + more else prior
    assert min(seen, prior) - 1e-9 <= smoothed(hits, hits + more, prior, weight) <= max(seen, prior) + 1e-9


@given(tries, st.integers(1, 10_000))
def test_a_range_holds_its_share_and_narrows_with_evidence(hits: int, more: int) -> None:
    count = hits + more
    narrow, wide = wilson(hits / count, 4 * count), wilson(hits / count, count)
    assert 0 <= wide.low <= hits / count <= wide.high <= 1
    assert narrow.high - narrow.low <= wide.high - wide.low + 1e-12


@given(lives, st.integers(0, 60))
def test_chances_of_a_decision_are_chances_and_only_grow(told: Lives, age: int) -> None:
    curve = decided_by(told, age)
    chances = [chance for _, chance in curve]
    assert chances == sorted(chances)
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(day >= age for day, _ in curve)
    for share in (0.1, 0.5, 0.9):
        day = quantile(curve, share)
        assert (day is None) == (not chances or chances[-1] < share - 1e-12)


@given(days, days, st.integers(0, 60))
def test_without_open_leads_it_is_the_share_of_those_of_this_age(
    won: dict[int, int], lost: dict[int, int], age: int
) -> None:
    told = Lives(won, lost, {})
    alike = told.decided_from(age)
    for day, chance in decided_by(told, age):
        assert chance == pytest.approx(1 - told.decided_from(day + 1) / alike)


@given(days, days, st.integers(1, 60))
def test_without_open_leads_a_share_won_is_a_share_with_its_usual_variance(
    won: dict[int, int], lost: dict[int, int], horizon: int
) -> None:
    told = Lives(won, lost, {})
    if not told.decided:
        return
    share = sum(count for day, count in won.items() if day <= horizon) / told.decided
    found = won_by(told, horizon)
    assert found.share == pytest.approx(share)
    assert found.evidence == pytest.approx(told.decided)
    assert found.range == pytest.approx(wilson(share, told.decided), abs=1e-6)


@given(lives, st.integers(1, 60))
def test_a_share_won_is_a_share_and_rests_on_no_more_leads_than_there_are(told: Lives, horizon: int) -> None:
    found = won_by(told, horizon)
    assert 0 <= found.range.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.range.high <= 1
    assert 0 <= found.evidence <= told.leads
    assert found.share <= won_by(told, horizon + 1).share + 1e-12


def test_leads_that_are_still_open_are_neither_won_nor_lost() -> None:
    """Half of a hundred are won on day 10. As many more came in on day 9: they have told nothing of day 10."""
    told = Lives({10: 50}, {20: 50}, {9: 100})
    assert won_by(told, 30).share == pytest.approx(0.5)
    assert won_by(told, 30).evidence == pytest.approx(100)
    assert 50 / told.leads == 0.25


def test_censored_lives_are_estimated_as_they_are() -> None:
    """Exponential lives of a known rate, seen for a while each: the estimate is near the truth, and its range holds."""
    dice, held = random.Random(7), 0
    truth = 0.4 * (1 - math.exp(-30 / 20))
    for _ in range(60):
        won: dict[int, int] = {}
        lost: dict[int, int] = {}
        open_: dict[int, int] = {}
        for _ in range(400):
            life, seen = dice.expovariate(1 / 20), dice.uniform(0, 60)
            ends = won if dice.random() < 0.4 else lost
            where, day = (ends, math.ceil(life)) if life <= seen else (open_, int(seen))
            where[day] = where.get(day, 0) + 1
        low, high = won_by(Lives(won, lost, open_), 30).range
        held += low <= truth <= high
    assert held >= 48


def test_a_curve_ends_where_too_few_leads_are_left() -> None:
    told = Lives({5: 10, 30: 1}, {10: 10, 31: FEWEST_AT_RISK - 2}, {})
    assert [day for day, _ in decided_by(told, 0)] == [5, 10]


@given(days)
def test_half_have_ended_by_the_median(counts: dict[int, int]) -> None:
    day = median(counts)
    if day is None:
        assert not counts
        return
    total = sum(counts.values())
    assert sum(count for each, count in counts.items() if each <= day) * 2 >= total
    assert sum(count for each, count in counts.items() if each < day) * 2 < total


@given(lives)
def test_no_lead_is_judged_by_an_age_that_hardly_any_has_reached(told: Lives) -> None:
    horizon = horizon_of(told)
    at_risk = {step.day: step.at_risk for step in told.steps()}
    assert horizon >= 1
    if seen := [day for day, leads in at_risk.items() if leads >= FEWEST_AT_RISK]:
        assert horizon <= max(seen[-1], 1)
