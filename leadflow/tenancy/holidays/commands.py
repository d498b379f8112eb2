"""Inputs of the use cases of holidays."""

from datetime import date
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
LONGEST_NAME: Final = 120

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")
]


def _can_be(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"Choose a day between {EARLIEST:%Y} and {LATEST:%Y}.")
    return day


Day = Annotated[date, AfterValidator(_can_be)]


class Whose(BaseModel):
    """The whole organization's, unless a team or a person is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    team: UUID | None = Field(default=None, description="Counts for the team and all teams below it")
    person: UUID | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.team is not None and self.person is not None:
            raise ValueError("Name a team or a person, not both.")
        return self


class AddHoliday(Whose):
    """A day on which nobody works."""

    day: Day
    name: Name


class ImportHolidays(Whose):
    """The public holidays of a country, or of one of its regions, for a year."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = Field(description="ISO 3166-1, two letters")
    region: Annotated[str, Field(max_length=40)] = ""
    year: int = Field(ge=EARLIEST.year, le=LATEST.year)
