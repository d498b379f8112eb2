"""Whoever takes it first; when nobody has in time, it is dealt in turn."""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from leadflow.routing.strategy import (
    Answer,
    Candidate,
    Offer,
    Options,
    Strategy,
    claimed,
    fairly,
    is_somebodys,
    offering,
)


class FirstToClaim(Options):
    """Offered to everybody of the pool for so many minutes."""

    minutes: int = Field(default=10, ge=1, le=1440, description="How long a lead is offered before it is dealt")


def choose(options: FirstToClaim, candidates: Sequence[Candidate]) -> Answer:
    """Whoever is away may claim, and is only not dealt to."""
    if taken := claimed(candidates):
        return taken
    if not is_somebodys(candidates):
        return None
    seconds, waited = options.minutes * 60, candidates[0].waited
    if waited is None or waited < seconds:
        return Offer("offered", seconds)
    return fairly(candidates, "not claimed in time")


STRATEGY: Final = Strategy("First to claim", FirstToClaim, choose, needs=offering)
