"""Holidays: days on which nobody works, in the whole organization, a team or for one person."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import Countries, HolidayItem, Holidays, ImportedHolidays, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy.errors import HolidayNotFound
from leadflow.tenancy.holidays import service
from leadflow.tenancy.holidays.commands import AddHoliday, ImportHolidays
from leadflow.tenancy.holidays.public import Country
from leadflow.tenancy.holidays.rules import window
from leadflow.tenancy.models import Holiday

ROUTER = router("holidays")

First = Annotated[date | None, Query(alias="from", description="The first day; today if left out")]
Last = Annotated[date | None, Query(alias="to", description="The last day; a year later if left out")]
Asked = Annotated[str | None, Query(max_length=2, description="One of them, with its regions")]


def holiday_row(holiday: Holiday) -> dict[str, Any]:
    return {
        "id": holiday.id,
        "day": holiday.day,
        "name": holiday.name,
        "team": holiday.team_id,
        "person": holiday.account_id,
        "origin": holiday.origin,
    }


@ROUTER.get("", response_model=Holidays, responses=problems())
@requires(Permission.LEADS_READ)
async def all_holidays(call: Calling, first: First = None, last: Last = None) -> Response:
    """Your organization's and its teams'; your own, and everybody's own if you manage people."""
    async with call.work() as work:
        days = window(first, last, work.clock.now().date())
        return answer({"items": [holiday_row(each) for each in await service.holidays(work, *days)]})


@ROUTER.get("/countries", response_model=Countries, responses=problems())
@requires(Permission.LEADS_READ)
async def countries(call: Calling, country: Asked = None) -> Response:
    """The countries whose public holidays can be imported."""
    return answer({"items": [_country(each) for each in service.countries(call.scope, country)]})


def _country(country: Country) -> dict[str, Any]:
    regions = country.regions
    items = None if regions is None else [{"code": code, "name": name} for code, name in regions.items()]
    return {"code": country.code, "name": country.name, "regions": items}


@ROUTER.post("", status_code=201, response_model=HolidayItem, responses=problems(413, 415))
@requires(Permission.LEADS_READ)
async def add(call: Calling, body: AddHoliday) -> Response:
    """Add one of your own; one of the organization, a team or somebody else if you manage people."""

    async def effect(work: Work) -> Answer:
        return Answer(201, holiday_row(await service.add(work, body)))

    return await call.once(effect)


@ROUTER.post("/import", response_model=ImportedHolidays, responses=problems(413, 415))
@requires(Permission.LEADS_READ)
async def add_public(call: Calling, body: ImportHolidays) -> Response:
    """Add a country's public holidays of a year. Those that are there already stay as they are."""

    async def effect(work: Work) -> Answer:
        return Answer(200, {"new": await service.add_public(work, body)})

    return await call.once(effect)


@ROUTER.delete("/{holiday_id}", status_code=204, responses=problems(404))
@requires(Permission.LEADS_READ)
async def remove(call: Calling, holiday_id: str) -> Response:
    """Make it a day like any other."""
    known = parse_id(holiday_id)
    if known is None:
        raise HolidayNotFound
    async with call.work() as work:
        await service.remove(work, known)
    return Response(status_code=204)
