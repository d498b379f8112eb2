"""The default: a steady, a curved and a quick view of a lead, each counting as much as it has deserved.

Quick learners follow a market that changes, steady ones are better where it does not; which it is differs between
organizations and over time, so both learn side by side.
"""

from typing import Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.experts import AdaGrad, Ftrl
from leadflow.scoring.learning import ModelKind

SEATS: Final = (
    Seat(lambda: AdaGrad(rate=0.03), View.SCALED),
    Seat(AdaGrad, View.BINNED),
    Seat(lambda: Ftrl(alpha=0.2), View.SCALED),
)

MODEL: Final = ModelKind(
    "Mix of experts",
    "A steady, a curved and a quick view of a lead, each counting as much as it has deserved.",
    lambda: Additive(SEATS),
)
