"""The learners of additive models against River's, which are the reference."""

import random
from collections.abc import Iterator

import pytest
from river.linear_model import LogisticRegression
from river.optim import AdaGrad as RiverAdaGrad
from river.optim import FTRLProximal
from river.utils import VectorDict

from leadflow.scoring import additive
from leadflow.scoring.additive import PRIOR_OUTCOMES, PRIOR_WIN_RATE, Additive, Seat, View
from leadflow.scoring.experts import AdaGrad, Ftrl, packed, unpacked
from leadflow.scoring.explanation import logit
from leadflow.scoring.models import shelf

EXACTLY = 1e-9


def lives(count: int, seed: int = 11) -> Iterator[tuple[dict[str, float], bool, float]]:
    """Leads with categories and behaviours, their outcomes, some of which are taken back."""
    rng = random.Random(seed)
    for _ in range(count):
        x = {f"source={rng.choice('abcdefg')}": 1.0, f"country={rng.choice('xyz')}": 1.0, "recency": rng.random()}
        if rng.random() < 0.4:
            x["did:pricing_visited"] = rng.random()
        yield x, rng.random() < 0.1 + 0.4 * x["recency"], 1.0
        if rng.random() < 0.1:
            yield x, False, -1.0


def test_a_model_of_adagrad_is_rivers_logistic_regression() -> None:
    ours = Additive([Seat(lambda: AdaGrad(precision="d"), View.SCALED)])
    theirs = LogisticRegression(RiverAdaGrad(0.1, eps=1.0), intercept_lr=0.0)
    wins = losses = 0.0
    for x, won, weight in lives(800):
        theirs.intercept = logit((wins + PRIOR_OUTCOMES * PRIOR_WIN_RATE) / (wins + losses + PRIOR_OUTCOMES))
        expected = theirs.intercept + sum(theirs.weights.get(name, 0.0) * value for name, value in x.items())
        assert ours.predict_logit(x) == pytest.approx(expected, abs=EXACTLY)
        ours.learn(x, won, weight)
        theirs.learn_one(x, won, weight)
        wins, losses = (wins + weight, losses) if won else (wins, losses + weight)
    assert (ours.wins, ours.losses) == (wins, losses)


def test_ftrl_is_rivers() -> None:
    """The same gradients give the same weights; River sets a weight at the step after, so it is given an empty one."""
    rng = random.Random(5)
    ours, theirs, weights = Ftrl(precision="d"), FTRLProximal(alpha=0.1, beta=1.0, l1=0.0, l2=1.0), VectorDict()
    ours.grow(6)
    for _ in range(800):
        inputs = [(slot, rng.uniform(-1, 1)) for slot in range(6) if rng.random() < 0.5]
        slope = rng.uniform(-1, 1)
        ours.learn(inputs, slope)
        theirs.step(weights, VectorDict({slot: slope * value for slot, value in inputs}))
        theirs.step(weights, VectorDict(dict.fromkeys(range(6), 0.0)))
        for slot in range(6):
            assert ours.weights[slot] == pytest.approx(weights.get(slot, 0.0), abs=EXACTLY)


def test_numbers_are_kept_to_the_last_bit() -> None:
    expert = AdaGrad()
    expert.grow(3)
    expert.learn([(0, 0.3), (2, -1.7)], 0.123456789)
    assert unpacked(packed(expert.weights), 3, "f") == expert.weights
    for text, count in ((packed(expert.weights), 2), ("not base 64", 3), ("", 3)):
        with pytest.raises(ValueError, match=r"."):
            unpacked(text, count, "f")


def test_three_experts_weighed_in_one_go_weigh_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for fused in (3, 0):
        monkeypatch.setattr(additive, "FUSED", fused)
        model = shelf()["mix"].create()
        for x, won, weight in lives(400):
            model.learn(x, won, weight)
        told.append((model.snapshot(), [model.contributions(x) for x, _, _ in lives(40, seed=5)]))
    assert told[0] == told[1]
