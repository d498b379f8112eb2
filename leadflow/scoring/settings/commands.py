"""Inputs of the use cases of scoring settings."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from leadflow.scoring.config import ScoringConfig

HIGHEST: Final = 2**31 - 1
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Number = Annotated[int, Field(ge=0, le=HIGHEST, strict=True)]


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason = Field(description="Why, for whoever reads the history")
    based_on: Number = Field(description="The version that is live as far as you know")


class Deploy(_Change):
    """Rules that go live."""

    config: ScoringConfig


class RollBack(_Change):
    """Rules that were live before, as a new version; 0: those that everybody starts with."""

    number: Number
