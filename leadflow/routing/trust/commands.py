"""Input of trust."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class StopOnAlarm(BaseModel):
    """Whether leads that go by their scores wait while scores are in alarm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stops: Annotated[bool, Field(strict=True)]


class GoOn(BaseModel):
    """Somebody has looked at the alarms that stand, and wants leads to go by their scores all the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason
