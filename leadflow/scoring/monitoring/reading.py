"""Figures read from a tally: pure.

They are those of `scoring.figures` up to the width of the intervals in which examples were counted: within one of them
it is not known who was said to be likelier.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.explanation import logit, sigmoid
from leadflow.scoring.monitoring.tally import BIN, UNIT, Bin, Tally

MOST_GROUPS: Final = 10
FEWEST_IN_GROUP: Final = 10.0
"""Outcomes in a group of leads that are shown as one point."""
Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Group:
    """Leads of which similar things were said, and what became of them."""

    low: float
    """The least probability said, and the highest."""
    high: float
    outcomes: float
    wins: float
    said: float
    """The mean probability."""

    @property
    def won(self) -> float:
        """The share that was won."""
        return self.wins / self.outcomes if self.outcomes else math.nan

    @property
    def within(self) -> tuple[float, float]:
        return wilson(self.wins, self.outcomes)


@dataclass(frozen=True, slots=True)
class Summary:
    """How good a model was in a period. Log-losses are in nats."""

    outcomes: float
    wins: float
    said: float
    won: float
    log_loss: float
    expected_loss: float
    usual_loss: float
    brier: float
    auc: float | None
    """None: without a winner and a loser there is nothing to compare."""
    calibration_error: float

    @property
    def skill(self) -> float:
        """The part of the usual log-loss that is saved; 0: no better than saying the same of everybody."""
        return 1.0 - self.log_loss / self.usual_loss if self.usual_loss else 0.0


def merged(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole


def summary(tally: Tally) -> Summary | None:
    """None without an example."""
    if not tally.weight:
        return None
    n = tally.weight
    return Summary(
        outcomes=n / UNIT,
        wins=tally.wins / UNIT,
        said=tally.said / n,
        won=tally.wins / n,
        log_loss=tally.log_loss / n,
        expected_loss=tally.expected_loss / n,
        usual_loss=tally.usual_loss / n,
        brier=tally.brier / n,
        auc=auc(tally),
        calibration_error=calibration_error(groups(tally)),
    )


def auc(tally: Tally) -> float | None:
    """The chance that a won lead had been said to be likelier than a lost one; the same interval counts half."""
    ordered, lost_below = 0, 0
    for _, (weight, wins, _said) in sorted(tally.bins.items()):
        lost = weight - wins
        ordered += wins * (2 * lost_below + lost)
        lost_below += lost
    pairs = tally.wins * (tally.weight - tally.wins)
    return ordered / (2 * pairs) if pairs else None


def groups(tally: Tally, most: int = MOST_GROUPS) -> list[Group]:
    """Neighbouring intervals put together into at most so many groups of about the same size."""
    wanted = max(tally.weight / most, FEWEST_IN_GROUP * UNIT)
    found: list[tuple[int, int, Bin]] = []
    for place, counts in sorted(tally.bins.items()):
        if found and found[-1][2][0] < wanted:
            first, _, before = found[-1]
            found[-1] = (first, place, _plus(before, counts))
        else:
            found.append((place, place, counts))
    if len(found) > 1 and found[-1][2][0] < wanted / 2.0:
        _, last, counts = found.pop()
        first, _, before = found[-1]
        found[-1] = (first, last, _plus(before, counts))
    return [_group(*each) for each in found]


def by_band(tally: Tally, config: ScoringConfig) -> dict[Band, Group | None]:
    """By the band in which the learned part alone would have put the leads, as the thresholds stand now.

    The rules of the organization have no part in what a model says, and so none in these.
    """
    shift = logit(config.usual_score / 100.0) - logit(config.usual_win_rate)
    found: dict[Band, tuple[int, int, Bin]] = {}
    for place, counts in sorted(tally.bins.items()):
        score = 100.0 * sigmoid((place + 0.5) * BIN + shift)
        limits = config.thresholds
        band = Band.HOT if score >= limits.hot else Band.WARM if score >= limits.warm else Band.COLD
        first, _, before = found.get(band, (place, place, (0, 0, 0)))
        found[band] = (first, place, _plus(before, counts))
    return {band: _group(*found[band]) if band in found else None for band in Band}


def calibration_error(of: Iterable[Group]) -> float:
    """The mean distance of what was said and what came, over groups of leads (Naeini, Cooper, Hauskrecht 2015)."""
    known = list(of)
    total = math.fsum(each.outcomes for each in known)
    return math.fsum(abs(each.said * each.outcomes - each.wins) for each in known) / total if total else 0.0


def wilson(wins: float, outcomes: float, z: float = Z95) -> tuple[float, float]:
    """The interval in which the true share lies, by default with 95 % confidence (Wilson 1927).

    >>> [round(each, 3) for each in wilson(0, 10)], [round(each, 3) for each in wilson(5, 10)]
    ([0.0, 0.278], [0.237, 0.763])
    """
    if outcomes <= 0.0:
        return 0.0, 1.0
    share, square = wins / outcomes, z * z
    middle = share + square / (2.0 * outcomes)
    reach = z * math.sqrt(max(share * (1.0 - share), 0.0) / outcomes + square / (4.0 * outcomes * outcomes))
    scale = 1.0 + square / outcomes
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def _plus(one: Bin, other: Bin) -> Bin:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _group(first: int, last: int, counts: Bin) -> Group:
    weight, wins, said = counts
    low, high = sigmoid(first * BIN), sigmoid((last + 1) * BIN)
    return Group(low, high, weight / UNIT, wins / UNIT, said / weight if weight else 0.0)
