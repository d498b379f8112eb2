"""In turn, some more often than others."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from leadflow.routing.fairness import HEAVIEST
from leadflow.routing.strategy import Candidate, Choice, Options, Strategy, fairly


class Weighted(Options):
    """How many leads somebody gets for each one of whoever weighs one. Who is not named weighs one."""

    weights: Annotated[Mapping[UUID, Annotated[int, Field(ge=1, le=HEAVIEST)]], Field(max_length=500)] = {}


def choose(_options: Weighted, candidates: Sequence[Candidate]) -> Choice | None:
    return fairly(candidates, "weighted")


def weight(options: Weighted, person: UUID) -> int:
    return options.weights.get(person, 1)


STRATEGY: Final = Strategy("Weighted", Weighted, choose, weight)
