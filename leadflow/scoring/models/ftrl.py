"""Logistic regression with FTRL-Proximal: careful with what is rare."""

from typing import Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.experts import Ftrl
from leadflow.scoring.learning import ModelKind

MODEL: Final = ModelKind(
    "Logistic regression, FTRL",
    "One weight for each trait, none for what hardly counts. Good where there are many traits and few successes.",
    lambda: Additive([Seat(Ftrl, View.SCALED)]),
)
