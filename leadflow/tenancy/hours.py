"""Working hours: when somebody is on shift, week after week, in their own time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import repository
from leadflow.tenancy.errors import MemberNotFound
from leadflow.tenancy.models import Membership

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Time = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", description="HH:MM, up to 24:00")]
Interval = tuple[Time, Time]
Day = Annotated[tuple[Interval, ...], Field(max_length=6)]
Week = Mapping[str, list[list[str]]]
"""As stored: intervals per weekday."""


class Hours(BaseModel):
    """Shifts per weekday; none on a day that is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: Day = ()
    tuesday: Day = ()
    wednesday: Day = ()
    thursday: Day = ()
    friday: Day = ()
    saturday: Day = ()
    sunday: Day = ()

    @field_validator("*")
    @classmethod
    def _can_be_worked(cls, shifts: tuple[Interval, ...]) -> tuple[Interval, ...]:
        if any(start >= end for start, end in shifts):
            raise ValueError("A shift ends after it starts; one over midnight is two.")
        if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(shifts))):
            raise ValueError("Shifts of a day do not overlap.")
        return tuple(sorted(shifts))


class SetHours(BaseModel):
    """When somebody works; null: always. An empty zone is the organization's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Hours | None
    time_zone: str = Field(default="", max_length=60)


def is_on_shift(week: Week | None, zone: str, at: datetime) -> bool:
    """
    >>> is_on_shift({"monday": [["09:00", "17:00"]]}, "Europe/Berlin", datetime(2026, 1, 5, 8, 30, tzinfo=UTC))
    True
    """
    if week is None:
        return True
    there = at.astimezone(ZoneInfo(zone))
    time = there.strftime("%H:%M")
    return any(start <= time < end for start, end in week.get(DAYS[there.weekday()], ()))


def next_shift(week: Week | None, zone: str, at: datetime) -> datetime | None:
    """When a shift next begins after `at`; None for those who have none, or always work."""
    there = at.astimezone(ZoneInfo(zone))
    for ahead in range(8):
        day = there.date() + timedelta(days=ahead)
        for start, _ in sorted((week or {}).get(DAYS[day.weekday()], ())):
            hour, minute = map(int, start.split(":"))
            begins = datetime(day.year, day.month, day.day, tzinfo=there.tzinfo) + timedelta(hours=hour, minutes=minute)
            if begins.astimezone(UTC) > at:
                return begins.astimezone(UTC)
    return None


async def hours_of(work: Work, account_id: UUID) -> Membership:
    """The member, who carries them. Raises MemberNotFound."""
    work.scope.require(Permission.LEADS_READ)
    return await _member(work, account_id)


async def _member(work: Work, account_id: UUID) -> Membership:
    member = await repository.member(work, account_id)
    if member is None:
        raise MemberNotFound
    return member


async def set_hours(work: Work, account_id: UUID, command: SetHours) -> Membership:
    """Say when somebody works.

    Raises:
        MemberNotFound: they are not of the organization.
        Invalid: there is no such time zone.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    member = await _member(work, account_id)
    if command.time_zone and command.time_zone not in available_timezones():
        raise Invalid(problems=[FieldProblem("time_zone", "Choose a time zone such as Europe/Berlin.")])
    hours = command.hours.model_dump(mode="json", exclude_defaults=True) if command.hours else None
    member.working_hours, member.time_zone = hours, command.time_zone
    await work.session.flush()
    work.record(Event("member.hours_set", data={"account_id": str(account_id), "hours": hours}))
    return member
