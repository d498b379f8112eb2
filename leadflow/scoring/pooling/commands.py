"""Input of the use cases of the pool."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class TakePart(BaseModel):
    """Whether the organization gives what its leads have shown to others, and gets what theirs have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    joined: Annotated[bool, Field(strict=True)]
