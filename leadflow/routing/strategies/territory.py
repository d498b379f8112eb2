"""Those whose territory the lead is of take turns."""

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import Field

from leadflow.routing.strategy import Answer, Candidate, Need, Options, Strategy, fairly


class OfTerritory(Options):
    """What happens to a lead that nobody of its territory can take now."""

    otherwise: Literal["pool", "wait"] = Field(
        default="pool", description="Whether it goes to anybody of the pool, or waits for somebody of its territory"
    )


def choose(options: OfTerritory, candidates: Sequence[Candidate]) -> Answer:
    """A lead of no territory, or of one that nobody of the pool has, goes to the pool: there is nobody to wait for."""
    home = [each for each in candidates if each.belongs]
    if not home:
        return fairly(candidates, "of no territory")
    chosen = fairly(home, "of the territory")
    if chosen is not None or options.otherwise == "wait":
        return chosen
    return fairly(candidates, "nobody of the territory could")


STRATEGY: Final = Strategy("By territory", OfTerritory, choose, needs=lambda _options: frozenset({Need.TERRITORY}))
