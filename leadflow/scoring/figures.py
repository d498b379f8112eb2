"""How good probabilities were, once the outcomes are known."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final

BINS: Final = 15
_CLOSEST: Final = 1e-15


def auc(p: Sequence[float], won: Sequence[bool]) -> float:
    """The chance that a won lead had the higher probability than a lost one; ties count half (Mann-Whitney). Exact.

    >>> auc([0.3, 0.6, 0.6, 0.9], [False, True, False, True])
    0.875
    """
    ordered, lost_below = 0.0, 0
    for _, tied in groupby(sorted(zip(p, won, strict=True)), key=lambda pair: pair[0]):
        ends = [end for _, end in tied]
        wins = sum(ends)
        ordered += wins * (lost_below + (len(ends) - wins) / 2.0)
        lost_below += len(ends) - wins
    wins = sum(won)
    pairs = wins * (len(won) - wins)
    return ordered / pairs if pairs else math.nan


def log_loss(p: Sequence[float], won: Sequence[bool]) -> float:
    """Mean negative log-likelihood in nats; a certain prediction counts as sure to 1e-15, as in scikit-learn."""
    return -math.fsum(math.log(max(q if end else 1.0 - q, _CLOSEST)) for q, end in zip(p, won, strict=True)) / len(p)


def brier(p: Sequence[float], won: Sequence[bool]) -> float:
    """Mean squared error of the probabilities (Brier 1950)."""
    return math.fsum((q - end) ** 2 for q, end in zip(p, won, strict=True)) / len(p)


def calibration_error(p: Sequence[float], won: Sequence[bool], bins: int = BINS) -> float:
    """Expected calibration error over bins of equal mass: the mean distance of predicted and actual rates.

    Leads are sorted by probability (equal ones stay in their order) and cut into `bins` groups of the same size.

    >>> calibration_error([0.25] * 4, [True, False, False, False], bins=1)
    0.0
    """
    pairs = sorted(zip(p, won, strict=True), key=lambda pair: pair[0])
    count, total = len(pairs), 0.0
    for index in range(bins):
        group = pairs[index * count // bins : (index + 1) * count // bins]
        total += abs(math.fsum(q - end for q, end in group))
    return total / count


def calibration_by_chance(p: Sequence[float], bins: int = BINS) -> float:
    """The calibration error that is to be expected where every probability is right: how many leads are won of those
    in a bin is a matter of luck (the mean distance of a normal distribution with the same spread).

    >>> round(calibration_by_chance([0.5] * 100, bins=1), 4), round(calibration_by_chance([0.5] * 100, bins=4), 4)
    (0.0399, 0.0798)
    """
    ordered, total = sorted(p), 0.0
    for index in range(bins):
        group = ordered[index * len(p) // bins : (index + 1) * len(p) // bins]
        total += math.sqrt(2.0 / math.pi * math.fsum(q * (1.0 - q) for q in group))
    return total / len(p)


def mean(p: Sequence[float]) -> float:
    return math.fsum(p) / len(p)
