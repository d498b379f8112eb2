"""Why a score is what it is: contributions in points that add up to it exactly.

A logistic score is not additive in what it is made of, so each part's share is its Aumann-Shapley value: the part's
log-odds times the mean slope of the curve between where the score starts and where it ends.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from leadflow.scoring.attributes import field_of

_FLAT: Final = 1e-6
_WORTH_SAYING: Final = 0.5


class Kind(StrEnum):
    FIT = "fit"
    ENGAGEMENT = "engagement"
    LEARNED = "learned"


class Term(NamedTuple):
    """What one reason adds to the log-odds; `about` is the attribute that it is drawn from."""

    label: str
    kind: Kind
    logit: float
    about: str = ""


class Contribution(NamedTuple):
    """What one reason adds to the score, in points, unrounded; `about` as in its term."""

    label: str
    points: float
    kind: Kind
    about: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`score` = `base` + the contributions, to 1e-9; the strongest come first."""

    score: float
    base: float
    contributions: tuple[Contribution, ...]
    outcomes: int = 0
    weight: float = 0.0
    """How much of the score was learned from `outcomes`, the rest being rules."""

    def to_json(self) -> dict[str, object]:
        contributions = [
            {"label": label, "points": points, "kind": kind, "field": field_of(about)}
            for label, points, kind, about in self.contributions
        ]
        model = {"outcomes": self.outcomes, "weight": self.weight}
        return {"score": self.score, "base": self.base, "contributions": contributions, "model": model}


def explain(start: float, terms: Sequence[Term], *, outcomes: int = 0, weight: float = 0.0) -> Explanation:
    """The score at log-odds `start` plus all `terms`, and each term's share of the way there."""
    way = math.fsum([term.logit for term in terms])
    base, score = 100.0 * sigmoid(start), 100.0 * sigmoid(start + way)
    slope = (score - base) / way if abs(way) > _FLAT else 100.0 * _slope(start + way / 2.0)
    contributions = [Contribution(label, logit * slope, kind, about) for label, kind, logit, about in terms if logit]
    contributions.sort(key=_strength)
    return Explanation(score, base, tuple(contributions), outcomes, weight)


def headlines(contributions: Iterable[Contribution]) -> tuple[tuple[str, str], ...]:
    """The strongest reasons in a lead's favour, each one short line with the field that it tells of; down to the first
    that tells of none. Empty when nothing speaks for the lead yet.

    Whoever does not see some field is shown the first line that is not about it.
    """
    said: list[tuple[str, str]] = []
    for label, points, _, about in contributions:
        if points >= _WORTH_SAYING:
            field = field_of(about)
            said.append((label, field))
            if not field:
                break
    return tuple(said)


def sigmoid(z: float) -> float:
    if z >= 0.0:
        return 1.0 / (1.0 + math.exp(-z))
    odds = math.exp(max(z, -700.0))
    return odds / (1.0 + odds)


def logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def _slope(z: float) -> float:
    share = sigmoid(z)
    return share * (1.0 - share)


def _strength(contribution: Contribution) -> tuple[float, str]:
    """Equally strong ones by name: the same log gives the same explanation, in whatever batches it was read."""
    return -abs(contribution.points), contribution.label
