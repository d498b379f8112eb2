"""Use cases of holidays: seeing, adding and removing them. One's own is one's own affair."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.tenancy import repository as tenancy
from leadflow.tenancy.errors import HolidayNotFound
from leadflow.tenancy.holidays import repository
from leadflow.tenancy.holidays.commands import AddHoliday, ImportHolidays, Whose
from leadflow.tenancy.holidays.public import Country, country, public_holidays
from leadflow.tenancy.holidays.public import countries as known_countries
from leadflow.tenancy.models import Holiday
from leadflow.tenancy.rules import Sight, is_oneself, sight_of_times

MOST_HOLIDAYS: Final = 10_000


async def holidays(work: Work, first: date, last: date) -> list[Holiday]:
    """Those of a period, in order: the organization's, teams', and of people's own those that the actor may see.

    Where only the times are to be seen, a person's own has no name.
    """
    work.scope.require(Permission.LEADS_READ)
    found = await repository.between(work, first, last)
    teams: dict[UUID, UUID | None] = {}
    if any(each.account_id for each in found):
        teams = {person.id: person.team for person in await tenancy.people(work)}
    sights = {person: sight_of_times(work.scope, person, team) for person, team in teams.items()}
    return list(_seen(found, sights))


def _seen(found: Iterable[Holiday], sights: dict[UUID, Sight]) -> Iterable[Holiday]:
    for each in found:
        sight = sights.get(each.account_id, Sight.NOTHING) if each.account_id else Sight.ALL
        if sight is Sight.ALL:
            yield each
        elif sight is Sight.TIMES:
            yield Holiday(**{**each.model_dump(), "name": "", "origin": ""})


def countries(scope: Scope, code: str | None = None) -> list[Country]:
    """Whose public holidays are known: all, or one with its regions. Raises Invalid when that one is not known."""
    scope.require(Permission.LEADS_READ)
    return known_countries() if code is None else [country(code)]


async def add(work: Work, command: AddHoliday) -> Holiday:
    """Say on which day nobody works; one that is there already stays as it is.

    Raises:
        Forbidden: it is not the actor's own, and they do not manage people.
        Invalid: the team or the person is not of the organization, or there are too many.

    """
    await _require_whose(work, command)
    holiday = _holiday(work, command, command.day, command.name)
    await _require_room(work, 1)
    if not await repository.save_new(work, [holiday]):
        return await repository.same(work, holiday) or holiday
    work.record(Event("holiday.added", data=_told(holiday)))
    return holiday


async def add_public(work: Work, command: ImportHolidays) -> int:
    """Add the public holidays of a country for a year, and say how many were new.

    Raises:
        Forbidden: they are not for the actor alone, and they do not manage people.
        Invalid: there is no such country, region, team or person, or there are too many.

    """
    await _require_whose(work, command)
    origin = f"{command.country}-{command.region}" if command.region else command.country
    days = public_holidays(command.country, command.region, command.year)
    if not days:
        raise Invalid(problems=[FieldProblem("year", f"No public holidays of {command.year} are known.")])
    await _require_room(work, len(days))
    new = await repository.save_new(work, [_holiday(work, command, day, name, origin) for day, name in days])
    if new:
        whose: dict[str, JsonValue] = {"team_id": _text(command.team), "account_id": _text(command.person)}
        said: dict[str, JsonValue] = {"origin": origin, "year": command.year, "new": new}
        work.record(Event("holiday.imported", data={**said, **whose}))
    return new


async def remove(work: Work, holiday_id: UUID) -> None:
    """It is a day like any other.

    Raises:
        HolidayNotFound: it is not there, or somebody's own and not for the actor to see.
        Forbidden: it is not the actor's own, and they do not manage people.

    """
    work.scope.require(Permission.LEADS_READ)
    holiday = await repository.holiday(work, holiday_id)
    if holiday is None:
        raise HolidayNotFound
    if holiday.account_id is not None:
        member = await tenancy.member(work, holiday.account_id)
        if sight_of_times(work.scope, holiday.account_id, member.team_id if member else None) is Sight.NOTHING:
            raise HolidayNotFound
    _require_power(work, holiday.account_id)
    told = _told(holiday)
    await work.session.delete(holiday)
    work.record(Event("holiday.removed", data=told))


async def _require_whose(work: Work, whose: Whose) -> None:
    work.scope.require(Permission.LEADS_READ)
    _require_power(work, whose.person)
    if whose.person is not None and await tenancy.member(work, whose.person) is None:
        raise Invalid(problems=[FieldProblem("person", "Choose somebody of your organization.")])
    if whose.team is not None and whose.team not in await tenancy.teams_above(work):
        raise Invalid(problems=[FieldProblem("team", "Choose one of your teams.")])


def _require_power(work: Work, person: UUID | None) -> None:
    if not is_oneself(work.scope, person):
        work.scope.require(Permission.PEOPLE_MANAGE)


async def _require_room(work: Work, more: int) -> None:
    if await repository.number_of_holidays(work) + more > MOST_HOLIDAYS:
        raise Invalid(f"You can have {MOST_HOLIDAYS:,} holidays. Remove some of the past ones first.")


def _holiday(work: Work, whose: Whose, day: date, name: str, origin: str = "") -> Holiday:
    return Holiday(
        organization_id=work.organization_id,
        id=new_id(),
        day=day,
        name=name,
        team_id=whose.team,
        account_id=whose.person,
        origin=origin,
    )


def _told(holiday: Holiday) -> dict[str, JsonValue]:
    """The log says when and whose; what somebody celebrates stays with the day."""
    whose: dict[str, JsonValue] = {"team_id": _text(holiday.team_id), "account_id": _text(holiday.account_id)}
    return {"day": holiday.day.isoformat(), **whose}


def _text(known: UUID | None) -> str | None:
    return str(known) if known else None
