"""Who can be given a lead, and if not, why not: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.kernel.ids import parse_id
from leadflow.kernel.reach import Team, subtree
from leadflow.routing.commands import Pool
from leadflow.routing.strategy import SUSPENDED
from leadflow.tenancy.holidays.rules import Off
from leadflow.tenancy.hours import Week, is_on_shift, next_shift
from leadflow.tenancy.permissions import Role

ABSENT: Final = "absent"
HOLIDAY: Final = "holiday"
OFF_SHIFT: Final = "off shift"
AT_CAPACITY: Final = "at capacity"


@dataclass(frozen=True, slots=True)
class Person:
    """What routing knows of somebody."""

    id: UUID
    name: str = ""
    role: str = Role.REP
    team: Team = None
    is_suspended: bool = False
    zone: str = "UTC"
    hours: Week | None = None
    absences: tuple[tuple[datetime, datetime], ...] = ()
    """From when to when; they may overlap."""
    holidays: tuple[Off, ...] = ()
    """From when to when, and what for where everybody may know; the first first."""

    @property
    def off(self) -> tuple[tuple[datetime, datetime], ...]:
        """Absences and holidays alike."""
        return (*self.absences, *((start, end) for start, end, _ in self.holidays)) if self.holidays else self.absences


def reason(person: Person, at: datetime) -> str:
    """Why somebody gets nothing at `at`; empty when they do."""
    if person.is_suspended:
        return SUSPENDED
    if any(start <= at < end for start, end in person.absences):
        return ABSENT
    for start, end, name in person.holidays:
        if at < start:
            break
        if at < end:
            return f"{HOLIDAY}: {name}" if name else HOLIDAY
    return "" if is_on_shift(person.hours, person.zone, at) else OFF_SHIFT


def is_holiday(why: str) -> bool:
    return why == HOLIDAY or why.startswith(f"{HOLIDAY}: ")


def is_away(why: str) -> bool:
    """Absent or on holiday, which is the same to leads."""
    return why == ABSENT or is_holiday(why)


def comes_back(person: Person, why: str, at: datetime) -> datetime | None:
    """When `why` ends by itself."""
    if why == OFF_SHIFT:
        return next_shift(person.hours, person.zone, at)
    if not is_away(why):
        return None
    for start, end in sorted(person.off):
        at = max(at, end) if start <= at else at
    return at


def members(pool: Pool, people: Mapping[UUID, Person], parents: Mapping[UUID, Team]) -> list[UUID]:
    """Everybody whom a pool names, in the order of their ids.

    A team brings all who sell in it and in the teams below: reps, and people with a role of the organization's own.
    """
    teams: set[UUID] = set()
    for team in pool.teams:
        if team in parents:
            teams |= subtree(team, parents)
    named = set(pool.people)
    return sorted(
        person.id
        for person in people.values()
        if person.id in named
        or (pool.everybody and person.role == Role.REP)
        or (person.team in teams and (person.role == Role.REP or parse_id(person.role) is not None))
    )


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
