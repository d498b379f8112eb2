"""The default: four views of a lead that learn side by side, each counting as much as it has deserved."""

from typing import Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.experts import AdaGrad, Ftrl
from leadflow.scoring.learning import ModelKind

SEATS: Final = (
    Seat(AdaGrad, View.SCALED),
    Seat(AdaGrad, View.BINNED, takes_back=False),
    Seat(Ftrl, View.BOTH),
)

MODEL: Final = ModelKind("Mix of experts", lambda: Additive(SEATS))
