"""Figures over time: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from leadflow.scoring.monitoring.reading import Summary, summary
from leadflow.scoring.monitoring.tally import UNIT, Tally

WINDOW: Final = 28
"""Days that a running figure is of."""


@dataclass(frozen=True, slots=True)
class Point:
    """A day: its own outcomes, and how the model did in the `WINDOW` that ends with it; None: there were none."""

    day: date
    outcomes: float
    figures: Summary | None


def running(days: Sequence[tuple[date, Tally]], first: date, last: date) -> list[Point]:
    """For each day from the first to the last."""
    by_day: Mapping[date, Tally] = dict(days)
    window, points = Tally(), []
    for day, tally in by_day.items():
        if first - timedelta(days=WINDOW) < day < first:
            window.merge(tally)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if new := by_day.get(day):
            window.merge(new)
        if old := by_day.get(day - timedelta(days=WINDOW)):
            window.merge(old, -1)
        points.append(Point(day, new.weight / UNIT if new else 0.0, summary(window)))
    return points
