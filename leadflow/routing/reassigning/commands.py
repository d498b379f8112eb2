"""Input of reassigning."""

from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadflow.routing.commands import Pool
from leadflow.views.rules import LeadFilter

MOST_NAMED: Final = 1_000
MOST_MATCHING: Final = 10_000


class Reassign(BaseModel):
    """Leads that are named, or all that match a filter; and who takes them, several of them evenly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leads: Annotated[tuple[UUID, ...], Field(max_length=MOST_NAMED)] | None = None
    where: LeadFilter | None = None
    to: Pool
    with_closed: bool = False

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.leads is None) == (self.where is None):
            raise ValueError("Name the leads, or give a filter.")
        return self
