"""Input of a backtest."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from leadflow.scoring.config import ScoringConfig

USUAL_DAYS: Final = 90


class Backtest(BaseModel):
    """Rules to try on what happened in the last days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    config: ScoringConfig
    days: Annotated[int, Field(ge=1, le=730, strict=True)] = USUAL_DAYS
