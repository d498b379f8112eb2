"""What is selected, as those who do something with many leads are told."""

from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadflow.views.rules import LeadFilter

MOST_NAMED: Final = 1_000
MOST_MATCHING: Final = 10_000


class Selection(BaseModel):
    """Leads that are named, or all that match a filter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leads: Annotated[tuple[UUID, ...], Field(max_length=MOST_NAMED)] | None = None
    where: LeadFilter | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.leads is None) == (self.where is None):
            raise ValueError("Name the leads, or give a filter.")
        return self

    def missing(self, found: int) -> int:
        """How many are named and not there, or out of sight, when so many were found."""
        return len(set(self.leads)) - found if self.leads else 0
