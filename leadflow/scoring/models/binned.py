"""A binned additive model: each interval of a number has a weight of its own, so that no effect need be straight."""

from typing import Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.experts import AdaGrad
from leadflow.scoring.learning import ModelKind

MODEL: Final = ModelKind(
    "Binned additive model",
    "Sees numbers in intervals: finds what helps in the middle and hurts at the ends.",
    lambda: Additive([Seat(AdaGrad, View.BINNED)]),
)
