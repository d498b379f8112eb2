"""Inputs of overrides."""

from datetime import timedelta
from typing import Annotated, Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from leadflow.scoring.config import Band

SHORTEST: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=90)
USUAL: Final = timedelta(days=7)

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class HoldBand(BaseModel):
    """In which band, and until when: a moment, or for so many hours from now; for 7 days where neither is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    band: Band
    until: AwareDatetime | None = None
    hours: Annotated[float, Field(ge=1, le=90 * 24, allow_inf_nan=False)] | None = None
    reason: Reason = ""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.until is not None and self.hours is not None:
            raise ValueError("Say either until when or for how many hours.")
        return self
