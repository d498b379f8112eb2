"""Nobody is chosen: the lead lies in a pond that all of the pool share, until somebody takes it."""

from collections.abc import Sequence
from typing import Final

from leadflow.routing.strategy import Answer, Candidate, Offer, Options, Strategy, claimed, is_somebodys, offering


def choose(_options: Options, candidates: Sequence[Candidate]) -> Answer:
    return claimed(candidates) or (Offer("in the pond") if is_somebodys(candidates) else None)


STRATEGY: Final = Strategy("Shared pond", Options, choose, needs=offering)
