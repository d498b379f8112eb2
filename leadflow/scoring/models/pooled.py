"""The mix, and what the leads of other organizations have in common (`scoring.pooling`) as one expert more."""

from typing import Final

from leadflow.scoring.adopting import Adopting
from leadflow.scoring.learning import ModelKind
from leadflow.scoring.models.mix import SEATS
from leadflow.scoring.weights import Origin

MODEL: Final = ModelKind(
    "Mix with a pooled prior",
    "The mix, and what leads of organizations that take part have in common. Good while you have few outcomes.",
    lambda: Adopting(SEATS, Origin.POOL),
)
