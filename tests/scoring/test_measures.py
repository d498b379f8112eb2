"""Figures of a backtest, against what counting by hand gives."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.backtest import measures
from leadflow.scoring.backtest.measures import MEASURES, MINIMUM, Outcome, chance
from leadflow.scoring.config import DEFAULT

OUTCOME = st.builds(Outcome, st.booleans(), st.sampled_from([10.0, 20.0, 35.0, 50.0, 80.0, 99.5]), st.booleans())
OUTCOMES = st.lists(OUTCOME, max_size=60)


def is_enough(outcomes: list[Outcome]) -> bool:
    return len(outcomes) >= MINIMUM and {outcome.won for outcome in outcomes} == {True, False}


@given(OUTCOMES)
def test_precision_is_the_share_of_hot_leads_that_were_won(outcomes: list[Outcome]) -> None:
    hot = [outcome for outcome in outcomes if outcome.was_hot]
    found = measures.precision(outcomes)
    assert found.evidence == len(hot)
    assert found.value == (len([each for each in hot if each.won]) / len(hot) if len(hot) >= MINIMUM else None)


@given(OUTCOMES)
def test_foresight_is_the_share_of_won_leads_that_were_hot(outcomes: list[Outcome]) -> None:
    won = [outcome for outcome in outcomes if outcome.won]
    found = measures.foresight(outcomes)
    assert found.evidence == len(won)
    assert found.value == (len([each for each in won if each.was_hot]) / len(won) if len(won) >= MINIMUM else None)


@given(OUTCOMES)
def test_auc_is_the_share_of_pairs_in_order(outcomes: list[Outcome]) -> None:
    found = measures.auc(outcomes)
    if not is_enough(outcomes):
        assert found.value is None
        return
    won = [outcome.early for outcome in outcomes if outcome.won]
    lost = [outcome.early for outcome in outcomes if not outcome.won]
    pairs = [1.0 if high > low else 0.5 if high == low else 0.0 for high, low in product(won, lost)]
    assert found.value == pytest.approx(sum(pairs) / len(pairs))


@given(OUTCOMES)
def test_log_loss_is_the_mean_surprise(outcomes: list[Outcome]) -> None:
    found = measures.log_loss(outcomes, DEFAULT)
    if not is_enough(outcomes):
        assert found.value is None
        return
    surprises = []
    for outcome in outcomes:
        odds = outcome.early / (100 - outcome.early)
        odds *= (DEFAULT.usual_win_rate / (1 - DEFAULT.usual_win_rate)) / (
            DEFAULT.usual_score / (100 - DEFAULT.usual_score)
        )
        p = odds / (1 + odds)
        surprises.append(-math.log(p if outcome.won else 1 - p))
    assert found.value == pytest.approx(sum(surprises) / len(surprises))


@given(OUTCOMES)
def test_lift_counts_every_lead_of_the_top_tenth(outcomes: list[Outcome]) -> None:
    found = measures.lift(outcomes)
    if not is_enough(outcomes):
        assert found.value is None
        return
    rate = sum(outcome.won for outcome in outcomes) / len(outcomes)
    # Ten equal slices of each lead: then the top tenth is a whole number of slices.
    ordered = sorted((outcome.early for outcome in outcomes for _ in range(10)), reverse=True)
    edge = ordered[len(outcomes) - 1]
    above = [outcome for outcome in outcomes if outcome.early > edge]
    tied = [outcome for outcome in outcomes if outcome.early == edge]
    room = len(outcomes) / 10 - len(above)
    won = sum(each.won for each in above) + room * sum(each.won for each in tied) / len(tied)
    assert found.value == pytest.approx(won / (len(outcomes) / 10) / rate)


@given(OUTCOMES, st.data())
def test_the_order_of_leads_makes_no_difference(outcomes: list[Outcome], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(outcomes))
    for measure in MEASURES:
        one, other = measure.of(outcomes, DEFAULT), measure.of(shuffled, DEFAULT)
        assert one.evidence == other.evidence
        assert one.value == (None if other.value is None else pytest.approx(other.value))


def test_a_perfect_score_finds_every_win_first() -> None:
    outcomes = [Outcome(won=number < 4, early=90.0 if number < 4 else 10.0, was_hot=number < 4) for number in range(40)]
    assert measures.lift(outcomes).value == pytest.approx(10.0)
    assert measures.auc(outcomes).value == 1.0


@pytest.mark.parametrize("turn", range(20))
def test_scores_that_say_nothing_have_no_lift_in_whatever_order(turn: int) -> None:
    won = [True] * 5 + [False] * 15
    outcomes = [Outcome(each, 35.0, was_hot=False) for each in won[turn:] + won[:turn]]
    assert measures.lift(outcomes).value == pytest.approx(1.0)
    assert measures.auc(outcomes).value == pytest.approx(0.5)


@given(st.floats(0, 100))
def test_chances_are_never_certain_and_rise_with_the_score(score: float) -> None:
    assert 0 < chance(score, DEFAULT) < 1
    assert chance(min(score + 1, 100), DEFAULT) >= chance(score, DEFAULT)
