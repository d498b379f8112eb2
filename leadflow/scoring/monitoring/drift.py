"""Whether what leads do still agrees with what the model says of them: pure.

A risk-adjusted CUSUM (Steiner, Cook, Farewell, Treasure 2000, Biostatistics 1) over the log-likelihood ratios that
`tally.Tally` sums up: each day's is added, and what falls below zero starts again at zero. The exponential of a day's
sum has an expectation of at most one while the model is right, whatever it says and however many outcomes a day has, so
the chance of reaching `HIGH` within n days is at most n * exp(-HIGH) (Doob's inequality for the Shiryaev-Roberts sum
that bounds it; Shin, Ramdas, Rinaldo 2023, "E-detectors"). The halves in which one lead may be learned keep this, by
Hölder's inequality.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from leadflow.scoring.monitoring.tally import UNIT, Tally

HIGH: Final = math.log(3 * 3650.0)
"""For three causes together: a false alarm in a year with a chance of 10 % at most."""
LOW: Final = HIGH / 2.0
"""An alarm stands until the evidence has fallen to this; it never counts for more than `HIGH`."""
WARM_UP: Final = 50.0
"""Outcomes from which a new model first learns what is usual; they are no evidence against it."""


class Wrong(StrEnum):
    """In what way a model is wrong."""

    MORE = "more"
    FEWER = "fewer"
    FLATTER = "flatter"


@dataclass(frozen=True, slots=True)
class Course:
    """How the evidence for one way of being wrong stands after the last day."""

    level: float
    """In nats: the model as it is against one that is wrong so."""
    since: date | None
    """The first day of the evidence; None while there is none."""
    alarmed: bool
    peaks: tuple[tuple[date, float], ...] = ()
    """The level at the end of each day."""

    @property
    def part(self) -> float:
        """Of the evidence that raises an alarm."""
        return self.level / HIGH


def course(steps: Iterable[tuple[date, float]]) -> Course:
    """The sums of days, in order."""
    level, since, alarmed = 0.0, None, False
    levels: list[tuple[date, float]] = []
    for day, step in steps:
        if level <= 0.0:
            since = day
        level = min(max(level + step, 0.0), HIGH)
        alarmed = level >= HIGH or (alarmed and level > LOW)
        levels.append((day, level))
    return Course(level, since if level > 0.0 else None, alarmed, tuple(levels))


def courses(days: Sequence[tuple[date, Tally]]) -> dict[Wrong, Course]:
    """Each way of being wrong, by the grades of days in order; none of those before the model had warmed up."""
    learned, counted = 0, []
    for day, tally in days:
        if learned >= WARM_UP * UNIT:
            counted.append((day, tally))
        learned += tally.weight
    return {wrong: course((day, getattr(tally, wrong) / UNIT) for day, tally in counted) for wrong in Wrong}
