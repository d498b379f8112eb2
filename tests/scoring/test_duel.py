import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.duel import FEWEST, LEVEL, Duel, Verdict, log_loss
from leadflow.scoring.explanation import logit, sigmoid

said = st.floats(-60, 60)


def fought(dice: random.Random, count: int, *, champion: float, challenger: float) -> tuple[Duel, set[Verdict]]:
    """A duel of two whose log-odds miss the truth by so much on average, looked at after every outcome."""
    duel, seen = Duel(), set()
    for _ in range(count):
        truth = dice.gauss(-2.0, 1.0)
        won = dice.random() < sigmoid(truth)
        duel.hear(truth + dice.gauss(0, champion), truth + dice.gauss(0, challenger), won, 1.0)
        seen.add(duel.verdict())
    return duel, seen


class TestHonesty:
    def test_equals_are_rarely_called_better_however_often_one_looks(self) -> None:
        dice = random.Random(1)
        calls = [fought(dice, 1500, champion=0.5, challenger=0.5)[1] for _ in range(200)]
        assert sum(Verdict.BETTER in seen for seen in calls) <= LEVEL * len(calls)
        assert sum(Verdict.WORSE in seen for seen in calls) <= LEVEL * len(calls)

    @given(said, st.floats(0.01, 0.99), st.randoms(use_true_random=False))
    def test_a_bet_on_a_fair_game_gains_nothing_on_average(self, one: float, share: float, dice: random.Random) -> None:
        """Where the challenger expects as much surprise as the champion, its wealth is a martingale."""
        duel, _ = fought(dice, 30, champion=1.0, challenger=0.2)
        other = logit(share)
        gains = [log_loss(one, won=won) - log_loss(other, won=won) for won in (True, False)]
        if gains[0] * gains[1] >= 0:
            return
        fair = gains[1] / (gains[1] - gains[0])
        wealths = []
        for won in (True, False):
            after = Duel(*duel.to_json())
            after.hear(one, other, won, 1.0)
            wealths.append(math.exp(after.wealth - duel.wealth))
        assert fair * wealths[0] + (1 - fair) * wealths[1] == pytest.approx(1.0, abs=1e-9)


class TestPower:
    def test_a_better_model_is_found_and_a_worse_one_too(self) -> None:
        dice = random.Random(2)
        better, _ = fought(dice, 3000, champion=1.0, challenger=0.2)
        worse, _ = fought(dice, 3000, champion=0.2, challenger=1.0)
        assert (better.verdict(2), worse.verdict(2)) == (Verdict.BETTER, Verdict.WORSE)
        assert better.mean_gain > 0 > worse.mean_gain
        assert better.doubt < LEVEL / 2

    def test_nothing_is_called_before_there_is_enough(self) -> None:
        duel = Duel()
        for _ in range(FEWEST - 1):
            duel.hear(-4.0, 4.0, True, 1.0)
        assert duel.wealth > 20
        assert duel.verdict() is Verdict.OPEN
        duel.hear(-4.0, 4.0, True, 1.0)
        assert duel.verdict() is Verdict.BETTER

    def test_more_rivals_need_more_evidence(self) -> None:
        duel = Duel(outcomes=FEWEST, wealth=math.log(30))
        assert (duel.verdict(1), duel.verdict(2)) == (Verdict.BETTER, Verdict.OPEN)


class TestArithmetic:
    @given(st.lists(st.tuples(said, said, st.booleans(), st.sampled_from([0.5, 1.0]))))
    def test_it_is_finite_and_survives_being_stored(self, story: list[tuple[float, float, bool, float]]) -> None:
        duel = Duel()
        for each in story:
            duel.hear(*each)
        assert all(map(math.isfinite, duel.to_json()))
        assert Duel.from_json(duel.to_json()) == duel
        assert 0.0 < duel.doubt <= 1.0
        assert duel.outcomes == sum(weight for *_, weight in story)

    def test_two_that_say_the_same_bet_nothing(self) -> None:
        duel = Duel(outcomes=50, gain=5.0, squares=1.0)
        duel.hear(1.5, 1.5, True, 1.0)
        assert (duel.wealth, duel.against) == (0.0, 0.0)

    @given(said)
    def test_log_loss_is_what_it_says(self, z: float) -> None:
        clipped = min(max(z, -35.0), 35.0)
        assert log_loss(z, won=True) == pytest.approx(-math.log(sigmoid(clipped)), rel=1e-9, abs=1e-12)
        assert log_loss(z, won=False) == log_loss(-z, won=True)
