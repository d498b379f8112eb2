"""The mix, and trees that are trained anew every night (LightGBM) as one expert more."""

from typing import Final

from leadflow.scoring.adopting import Adopting
from leadflow.scoring.learning import ModelKind
from leadflow.scoring.models.mix import SEATS
from leadflow.scoring.weights import Origin

MODEL: Final = ModelKind(
    "Mix with nightly trees",
    "The mix, and what a night's look at all outcomes together has found, counting as much as it has deserved.",
    lambda: Adopting(SEATS, Origin.TREES),
)
