"""Learns what leads of several organizations have in common, and reads tables off it. Pure: the same leads in the same
order give the same tables.

Each organization has an intercept of its own, beginning at its own rate of wins and forgotten in the end: that one
wins more than others must not be put down to where its leads come from.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from leadflow.scoring.additive import PRIOR_OUTCOMES, PRIOR_WIN_RATE
from leadflow.scoring.encoding import Encoder, Slots
from leadflow.scoring.experts import AdaGrad
from leadflow.scoring.explanation import logit, sigmoid
from leadflow.scoring.labels import Lesson
from leadflow.scoring.pooling import rules
from leadflow.scoring.pooling.rules import Member
from leadflow.scoring.weights import Curve, Tables

PASSES: Final = 4


class Pool(NamedTuple):
    """What it says, and what it rests on."""

    organizations: int
    leads: int
    tables: Tables


class Step(NamedTuple):
    """One lesson, as the learner sees it; `base` are the log-odds of its organization."""

    inputs: Slots
    base: float
    won: float
    weight: float


def pooled(members: Sequence[Member]) -> Pool | None:
    """A pool of those who have seen enough; None where they are too few, or have nothing in common."""
    heard = rules.heard(members)
    features = rules.shared(heard)
    if not features:
        return None
    taught = [rules.lessons(member, features) for member in heard]
    return Pool(len(heard), sum(map(len, heard)), train(taught))


def train(taught: Sequence[Sequence[Lesson]]) -> Tables:
    """Tables of what these organizations have in common."""
    encoder = Encoder()
    for lessons in taught:
        for x, _, _ in lessons:
            encoder.admit(x)
    slots = len(encoder.names)
    steps = list(_steps(encoder, taught))
    expert = AdaGrad(precision="d")
    expert.grow(slots + len(taught))
    for _ in range(PASSES):
        for inputs, base, won, weight in steps:
            z = base + math.fsum([expert.weights[slot] * value for slot, value in inputs])
            expert.learn(inputs, weight * (sigmoid(z) - won))
    weights = [_short(weight) for weight in expert.weights[:slots]]
    return _read_off(encoder, weights, -_mean(steps, weights))


def _steps(encoder: Encoder, taught: Sequence[Sequence[Lesson]]) -> Iterator[Step]:
    """The lessons of all, evenly mixed: each organization speaks from the beginning to the end."""
    slots, bases = len(encoder.names), [_base(lessons) for lessons in taught]
    turns = sorted(
        ((place + 0.5) / len(lessons), whose, place)
        for whose, lessons in enumerate(taught)
        for place in range(len(lessons))
    )
    for _, whose, place in turns:
        x, won, weight = taught[whose][place]
        read = encoder.read(x)
        yield Step([*read.names, *read.bins, (slots + whose, 1.0)], bases[whose], float(won), weight)


def _base(lessons: Sequence[Lesson]) -> float:
    won = sum(lesson.weight for lesson in lessons if lesson.won) + PRIOR_OUTCOMES * PRIOR_WIN_RATE
    return logit(won / (sum(lesson.weight for lesson in lessons) + PRIOR_OUTCOMES))


def _mean(steps: Sequence[Step], weights: Sequence[float]) -> float:
    """What is said of the average lead, apart from the intercepts, which come last."""
    said = math.fsum(step.weight * weights[slot] * value for step in steps for slot, value in step.inputs[:-1])
    return said / math.fsum(step.weight for step in steps)


def _read_off(encoder: Encoder, weights: Sequence[float], base: float) -> Tables:
    categories = {name: weights[slot] for name, slot in encoder.categories().items() if weights[slot]}
    curves = {
        name: Curve(tuple(cuts), tuple(weights[first : first + len(cuts) + 1]))
        for name, first, cuts in encoder.intervals()
    }
    return Tables(_short(base), categories, curves)


def _short(number: float) -> float:
    return float(f"{number:.6g}") + 0.0
