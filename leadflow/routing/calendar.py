"""The calendar of working time: who works when, who is away, and which days are holidays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Team
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.routing.absences import absences
from leadflow.routing.models import Absence
from leadflow.tenancy import models
from leadflow.tenancy import repository as tenancy
from leadflow.tenancy.holidays.rules import lineage
from leadflow.tenancy.holidays.service import holidays
from leadflow.tenancy.models import Holiday, MemberState
from leadflow.tenancy.repository import Person
from leadflow.tenancy.rules import Sight, is_oneself, sight_of_times

_AROUND: Final = timedelta(hours=15)
"""So much sooner than at Greenwich a day begins somewhere on earth, or so much later it ends."""


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody, the zone they live by, and their holidays; `may_change` is the reader's right."""

    person: Person
    zone: str
    may_change: bool
    holidays: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The people of a team, or those who are in none."""

    team: Team
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    first: date
    last: date
    groups: list[Group]
    absences: list[Absence]
    holidays: list[Holiday]
    may_manage: bool
    """Whether the reader may say for everybody who is away, and what is a holiday."""


async def calendar(work: Work, first: date, last: date) -> Calendar:
    """Everybody whose free time the actor may see, less who is suspended, by team and by name."""
    work.scope.require(Permission.LEADS_READ)
    begins, ends = (datetime.combine(day, time(), UTC) for day in (first, last))
    away = await absences(work, begins - _AROUND, ends + timedelta(days=1) + _AROUND)
    free = await holidays(work, first, last)
    teams, organization = await tenancy.teams(work), await tenancy.organization(work)
    zone = organization.time_zone if organization else "UTC"
    people = [each for each in await tenancy.people(work) if each.state == MemberState.ACTIVE]
    rows = _rows(work.scope, people, zone, free, {team.id: team.parent_id for team in teams})
    return Calendar(first, last, _grouped(rows, teams), away, free, work.scope.may(Permission.PEOPLE_MANAGE))


def _rows(
    scope: Scope, people: Sequence[Person], zone: str, free: Sequence[Holiday], parents: Mapping[UUID, Team]
) -> list[Row]:
    may_manage = scope.may(Permission.PEOPLE_MANAGE)
    return [
        Row(
            person,
            person.time_zone or zone,
            may_manage or is_oneself(scope, person.id),
            tuple(each.id for each in free if _is_of(each, person, lineage(person.team, parents))),
        )
        for person in people
        if sight_of_times(scope, person.id, person.team) is not Sight.NOTHING
    ]


def _is_of(holiday: Holiday, person: Person, teams: frozenset[UUID]) -> bool:
    if holiday.account_id is not None:
        return holiday.account_id == person.id
    return holiday.team_id is None or holiday.team_id in teams


def _grouped(rows: Sequence[Row], teams: Sequence[models.Team]) -> list[Group]:
    """Each team after the one above it; last those who are in none."""
    known = {team.id: team for team in teams}

    def path(team: Team) -> list[str]:
        above = known[team] if team is not None else None
        return [*path(above.parent_id), above.name.casefold()] if above else []

    places = sorted({row.person.team for row in rows}, key=lambda team: (team is None, path(team)))
    return [
        Group(team, known[team].name if team else "", tuple(row for row in rows if row.person.team == team))
        for team in places
    ]
