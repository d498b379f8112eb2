"""The mix, and trees that are trained anew every night (LightGBM) as one expert more."""

from typing import Final

from leadflow.scoring.learning import ModelKind
from leadflow.scoring.models.mix import SEATS
from leadflow.scoring.nightly import Nightly

MODEL: Final = ModelKind("Mix of experts with nightly trees", lambda: Nightly(SEATS))
