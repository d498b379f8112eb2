"""Which of two models says better who is won: a test that may be looked at after every outcome. Pure.

Each outcome gives the difference of two log-losses, the champion's less the challenger's. Somebody who believes the
challenger to be no better bets against it, and loses a bet on a fair game only by chance: a wealth that has grown
twentyfold had a chance of one in twenty at most, however often and whenever it is looked at (Ville's inequality;
testing by betting: Waudby-Smith, Ramdas 2023, Journal of the Royal Statistical Society B 86). The stake follows the
mean and the spread of the differences so far, and is never so high that one outcome takes half of the wealth: how much
it could take is known before it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

LEVEL: Final = 0.05
"""The chance of calling a challenger better that is not, over all of an organization's challengers together."""
FEWEST: Final = 100
"""Outcomes before anything is called."""
MOST_OF_WEALTH: Final = 0.5
_PRIOR_OUTCOMES: Final = 10.0
_PRIOR_SPREAD: Final = 0.01
_FARTHEST: Final = 35.0  # in log-odds: further on, a double cannot tell the probability from one


class Verdict(StrEnum):
    OPEN = "open"
    BETTER = "better"
    WORSE = "worse"


@dataclass(slots=True)
class Duel:
    """A challenger against the champion: what the outcomes so far say."""

    outcomes: float = 0.0
    """Their weights: an example is learned from as it was at two moments, half each."""
    gain: float = 0.0
    """The sum of the differences: by how much less the challenger was surprised, in nats."""
    squares: float = 0.0
    wealth: float = 0.0
    """The logarithm of what a bet on the challenger has made of 1."""
    against: float = 0.0
    """The same of a bet on the champion."""

    def hear(self, champion: float, challenger: float, won: bool, weight: float) -> None:  # noqa: FBT001 - an outcome
        """One outcome, of which both have said something in log-odds."""
        if_won = weight * (log_loss(champion, won=True) - log_loss(challenger, won=True))
        if_lost = weight * (log_loss(champion, won=False) - log_loss(challenger, won=False))
        gained = if_won if won else if_lost
        stake = self._stake()
        self.wealth += _bet(stake, gained, min(if_won, if_lost))
        self.against += _bet(-stake, -gained, -max(if_won, if_lost))
        self.outcomes += weight
        self.gain += gained
        self.squares += gained * gained

    @property
    def mean_gain(self) -> float:
        """How much less surprised the challenger was by one outcome, in nats; below zero: how much more."""
        return self.gain / self.outcomes if self.outcomes else 0.0

    @property
    def doubt(self) -> float:
        """The chance, at most, of seeing one so much ahead of the other when it is no better."""
        return math.exp(-max(self.wealth, self.against, 0.0))

    def verdict(self, rivals: int = 1) -> Verdict:
        """What may be said when so many challengers are tried at once."""
        if self.outcomes < FEWEST:
            return Verdict.OPEN
        enough = math.log(max(rivals, 1) / LEVEL)
        if self.wealth >= enough:
            return Verdict.BETTER
        return Verdict.WORSE if self.against >= enough else Verdict.OPEN

    def _stake(self) -> float:
        """The mean over the mean square: what a bet grows fastest with as far as is known (Kelly)."""
        count = self.outcomes + _PRIOR_OUTCOMES
        mean, square = self.gain / count, (self.squares + _PRIOR_OUTCOMES * _PRIOR_SPREAD) / count
        return mean / square

    def to_json(self) -> list[float]:
        return [self.outcomes, self.gain, self.squares, self.wealth, self.against]

    @classmethod
    def from_json(cls, stored: Any) -> "Duel":  # noqa: ANN401 - whatever JSON can say
        """Raises TypeError or ValueError where it is none."""
        outcomes, gain, squares, wealth, against = (float(each) for each in stored)
        return cls(outcomes, gain, squares, wealth, against)


def log_loss(said: float, *, won: bool) -> float:
    """How surprising an outcome is to whoever gave it these log-odds, in nats.

    >>> round(log_loss(0.0, won=True), 6), round(log_loss(3.0, won=False), 6)
    (0.693147, 3.048587)
    """
    z = min(max(-said if won else said, -_FARTHEST), _FARTHEST)
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _bet(stake: float, gained: float, worst: float) -> float:
    """What a bet adds to the logarithm of the wealth; none is made where both say the same, or a loss is expected."""
    if stake <= 0.0 or worst >= 0.0:
        return 0.0
    return math.log1p(min(stake, MOST_OF_WEALTH / -worst) * gained)


def read(stored: Mapping[str, Any]) -> dict[str, Duel]:
    """Raises TypeError or ValueError where one is no duel."""
    return {name: Duel.from_json(each) for name, each in stored.items()}
