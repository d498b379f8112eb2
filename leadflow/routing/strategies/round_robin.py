"""Everybody in turn."""

from collections.abc import Sequence
from typing import Final

from leadflow.routing.strategy import Candidate, Choice, Options, Strategy, fairly


def choose(_options: Options, candidates: Sequence[Candidate]) -> Choice | None:
    return fairly(candidates, "round robin")


STRATEGY: Final = Strategy("Round robin", Options, choose)
