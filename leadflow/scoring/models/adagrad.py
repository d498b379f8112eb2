"""Logistic regression with AdaGrad: quick to see what matters, on categories and scaled numbers."""

from typing import Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.experts import AdaGrad
from leadflow.scoring.learning import ModelKind

MODEL: Final = ModelKind(
    "Logistic regression, AdaGrad",
    "One weight for each trait. Quick to see what matters, steady later on.",
    lambda: Additive([Seat(AdaGrad, View.SCALED)]),
)
