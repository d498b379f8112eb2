"""Inputs of routing's use cases."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
    model_validator,
)

from leadflow.routing.conditions import TERRITORY, Condition

MOST_RULES, MOST_TERRITORIES = 100, 200
MOST_FALLBACKS = 5
LONGEST_MINUTES = 7 * 24 * 60
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Ids = Annotated[tuple[UUID, ...], Field(max_length=500)]


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pool(_Command):
    """Who may be chosen: these people whatever their role, these teams with those below, or all reps."""

    people: Ids = ()
    teams: Ids = ()
    everybody: bool = False

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.people or self.teams or self.everybody):
            raise ValueError("Name people or teams, or say everybody.")
        return self


class Promise(_Command):
    """How soon somebody gets in touch, in working time, and who is asked next when nobody did."""

    minutes: int = Field(ge=1, le=LONGEST_MINUTES)
    remind_before: int = Field(default=0, ge=0, description="Minutes before the end; 0: no reminder")
    fallbacks: Annotated[tuple[Pool, ...], Field(max_length=MOST_FALLBACKS)] = ()

    @model_validator(mode="after")
    def _reminds_in_time(self) -> Self:
        if self.remind_before >= self.minutes:
            raise ValueError("The reminder comes after the lead, and before its time is over.")
        return self


class DefineRule(_Command):
    """A rule of assignment; without conditions it is about every lead."""

    name: Name
    is_on: bool = True
    conditions: Condition | None = None
    pool: Pool = Pool(everybody=True)
    strategy: Annotated[str, Field(max_length=40)] = "round_robin"
    options: dict[str, JsonValue] = Field(default_factory=dict, description="What the strategy is told")
    promise: Promise | None = None


class DefineTerritory(_Command):
    """Which leads are of a territory, and whose it is; without conditions it is of all that no other one takes."""

    name: Name
    conditions: Condition | None = None
    pool: Pool
    position: int | None = Field(default=None, ge=0, lt=MOST_TERRITORIES, description="Its place; as it is, or last")

    @field_validator("conditions")
    @classmethod
    def _stands_alone(cls, conditions: Condition | None) -> Condition | None:
        if conditions is not None and conditions.values_of(TERRITORY):
            raise ValueError("A territory cannot be of another territory.")
        return conditions


class OrderRules(_Command):
    """All rules, the first to be asked first."""

    rules: Annotated[tuple[UUID, ...], Field(max_length=MOST_RULES)]


class DryRun(_Command):
    """Rules to try on the leads of the last days; nothing is written."""

    rules: Annotated[tuple[DefineRule, ...], Field(max_length=MOST_RULES)] = ()
    days: int = Field(default=7, ge=1, le=30)


def _can_be(at: datetime | None) -> datetime | None:
    if at is not None and not EARLIEST <= at < LATEST:
        raise ValueError(f"Choose a time between {EARLIEST:%Y} and {LATEST:%Y}.")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_can_be)]


class ReportAbsence(_Command):
    """When somebody gets no leads; oneself unless told whom."""

    starts_at: Moment
    ends_at: Moment
    person: UUID | None = None
    note: Note = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("An absence ends after it starts.")
        return self


class ChangeAbsence(_Command):
    """What is left out stays as it is."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None
    note: Note | None = None
