"""Whoever has the fewest open leads. Won and lost ones weigh nothing."""

from collections.abc import Sequence
from typing import Final

from leadflow.routing.fairness import Fare
from leadflow.routing.strategy import Candidate, Choice, Need, Options, Strategy


def choose(_options: Options, candidates: Sequence[Candidate]) -> Choice | None:
    """Ties go to whoever has waited longest."""
    free = (each for each in candidates if not each.out)
    first = min(free, key=lambda each: (each.open, each.turn, each.id), default=None)
    return Choice(first.id, "least loaded", Fare.FREE) if first else None


STRATEGY: Final = Strategy("Least loaded", Options, choose, needs=lambda _options: frozenset({Need.OPEN}))
