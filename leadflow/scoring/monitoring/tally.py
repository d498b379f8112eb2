"""What a model said, and what came of it, counted so that the sums of days are those of any period: pure.

Each example is rounded once to whole billionths, and whole numbers add up to the same in whatever order and batches:
the same log gives the same rows, bit by bit.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Final

from leadflow.scoring.additive import PRIOR_OUTCOMES, PRIOR_WIN_RATE
from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.learning import Grade

UNIT: Final = 1_000_000_000
"""Sums are whole numbers of this part of one."""
BIN: Final = 0.125
"""Width of the intervals of log-odds for which examples are counted, those beyond `WIDEST` with the last ones."""
WIDEST: Final = 8.0
SHIFT: Final = math.log(2.0)
"""What counts as wrong: odds twice or half as high as said."""
_LAST_BIN: Final = round(WIDEST / BIN) - 1
_FIRST_DAY: Final = date(2020, 1, 1)

Bin = tuple[int, int, int]
"""Weight, wins, and the sum of the probabilities said."""


@dataclass(slots=True)
class Tally:
    """Sums over examples, each times its weight, in `UNIT`."""

    weight: int = 0
    wins: int = 0
    said: int = 0
    """Of the probabilities."""
    log_loss: int = 0
    """In nats, as the others."""
    expected_loss: int = 0
    """What the log-loss would be on average if everything was as the model says: its own entropy."""
    usual_loss: int = 0
    """The log-loss of saying of everybody what share had been won by then."""
    brier: int = 0
    more: int = 0
    """Log-likelihood ratio of odds twice as high against the odds as said."""
    fewer: int = 0
    """The same of odds half as high."""
    flatter: int = 0
    """The same of log-odds half as far from the usual ones: leads differ less than the model says."""
    bins: dict[int, Bin] = field(default_factory=dict)
    """By the interval of log-odds: number n is from n * BIN."""

    def add(self, said: float, weight: float, usual: float, *, won: bool) -> None:
        """One example; `said` is what the model said in log-odds, `usual` the share won by then."""
        p, loss = sigmoid(said), _loss(said, won=won)
        part = weight * UNIT
        self.weight += round(part)
        self.wins += round(part * won)
        self.said += round(part * p)
        self.log_loss += round(part * loss)
        self.expected_loss += round(part * (p * _loss(said, won=True) + (1.0 - p) * _loss(said, won=False)))
        self.usual_loss += round(part * _loss(usual, won=won))
        self.brier += round(part * (p - won) ** 2)
        self.more += round(part * (loss - _loss(said + SHIFT, won=won)))
        self.fewer += round(part * (loss - _loss(said - SHIFT, won=won)))
        self.flatter += round(part * (loss - _loss((said + usual) / 2.0, won=won)))
        self._put(bin_of(said), (round(part), round(part * won), round(part * p)))

    def merge(self, other: "Tally", sign: int = 1) -> None:
        """Add another one, or with a sign of -1 take one away that was added before."""
        for name in SUMS:
            setattr(self, name, getattr(self, name) + sign * getattr(other, name))
        for place, (weight, wins, said) in other.bins.items():
            self._put(place, (sign * weight, sign * wins, sign * said))

    def _put(self, place: int, counts: Bin) -> None:
        weight, wins, said = self.bins.get(place, (0, 0, 0))
        self.bins[place] = (weight + counts[0], wins + counts[1], said + counts[2])

    def to_json(self) -> dict[str, Any]:
        bins = {str(place): list(counts) for place, counts in sorted(self.bins.items())}
        return {**{name: getattr(self, name) for name in SUMS}, "bins": bins}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Tally":
        bins = {int(place): (int(n), int(wins), int(said)) for place, (n, wins, said) in stored["bins"].items()}
        return cls(**{name: int(stored[name]) for name in SUMS}, bins=bins)


SUMS: Final = tuple(each.name for each in fields(Tally) if each.name != "bins")


class Book:
    """The grades of some models, by day. `totals` is the weight and the wins of each model's grades before these."""

    def __init__(self, totals: Mapping[str, tuple[int, int]] | None = None) -> None:
        self.days: dict[tuple[str, date], Tally] = {}
        self._totals = dict(totals or {})

    def add_all(self, grades: Iterable[Grade]) -> None:
        for grade in grades:
            weight, wins = self._totals.get(grade.model, (0, 0))
            tally = self.days.setdefault((grade.model, date_of(grade.day)), Tally())
            tally.add(grade.said, grade.weight, usual(weight, wins), won=grade.won)
            part = round(grade.weight * UNIT)
            self._totals[grade.model] = (weight + part, wins + part * grade.won)


def usual(weight: int, wins: int) -> float:
    """The log-odds of winning by the outcomes so far, smoothed as a model that knows nothing else would."""
    won = wins / UNIT + PRIOR_OUTCOMES * PRIOR_WIN_RATE
    return math.log(won / ((weight - wins) / UNIT + PRIOR_OUTCOMES * (1.0 - PRIOR_WIN_RATE)))


def bin_of(said: float) -> int:
    """
    >>> bin_of(0.0), bin_of(-0.01), bin_of(99.0), bin_of(-99.0)
    (0, -1, 63, -64)
    """
    return min(max(math.floor(said / BIN), -_LAST_BIN - 1), _LAST_BIN)


def date_of(day: float) -> date:
    """The date of so many days since 2020.

    >>> date_of(1.5), date_of(-0.5)
    (datetime.date(2020, 1, 2), datetime.date(2019, 12, 31))
    """
    return _FIRST_DAY + timedelta(days=math.floor(day))


def _loss(said: float, *, won: bool) -> float:
    """Minus the logarithm of the probability of what happened, without overflow."""
    z = -said if won else said
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))
