"""Input of editing many leads."""

from typing import Self

from pydantic import model_validator

from leadflow.leads.commands import Command, Country, Currency, Money, Short, Slug
from leadflow.views.selecting.commands import Selection


class Change(Command):
    """What the leads shall say: absent fields stay, those given as null are emptied. `reason` is for leads that are won
    or lost by it.
    """

    stage: Slug | None = None
    source: Slug | None = None
    country: Country | None = None
    title: Short | None = None
    company: Short | None = None
    value: Money | None = None
    currency: Currency | None = None
    reason: Short = ""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        given = self.model_fields_set - {"reason"}
        if not given:
            raise ValueError("Say what to change.")
        if "stage" in given and not self.stage:
            raise ValueError("Every lead is in a stage. Name one.")
        if (self.value is None) != (self.currency is None):
            raise ValueError("A value comes with its currency, and a currency with its value.")
        return self


class EditLeads(Selection):
    """Which leads, and what of them changes."""

    change: Change
    with_closed: bool = False
