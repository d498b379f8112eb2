"""Leads that a request selects: named one by one, or by what the list of leads takes."""

from typing import Annotated, Self, TypedDict
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadflow.api.criteria import LeadCriteria
from leadflow.views.rules import LeadFilter
from leadflow.views.selecting.commands import MOST_NAMED


class Which(TypedDict):
    """What commands take that are about selected leads."""

    leads: tuple[UUID, ...] | None
    where: LeadFilter | None


class LeadSelection(BaseModel):
    """Either `leads` or `filter`, which is what the list of leads takes."""

    model_config = ConfigDict(extra="forbid")

    leads: Annotated[list[UUID], Field(max_length=MOST_NAMED)] | None = None
    filter: LeadCriteria | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.leads is None) == (self.filter is None):
            raise ValueError("Name the leads, or give a filter.")
        return self

    def which(self, account_id: UUID | None) -> Which:
        """The selection, for whoever has this account."""
        return {
            "leads": None if self.leads is None else tuple(self.leads),
            "where": self.filter.filter_for(account_id) if self.filter else None,
        }
