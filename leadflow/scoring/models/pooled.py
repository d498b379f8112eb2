"""The mix, and what the leads of other organizations have in common (`scoring.pooling`) as one expert more."""

from typing import Final

from leadflow.scoring.adopting import Adopting
from leadflow.scoring.learning import ModelKind
from leadflow.scoring.models.mix import SEATS
from leadflow.scoring.weights import Origin

MODEL: Final = ModelKind(
    "Mix with a pooled prior",
    "The mix, and what leads of other organizations that take part have in common, counting as much as it has "
    "deserved. For whoever has few outcomes of their own.",
    lambda: Adopting(SEATS, Origin.POOL),
)
