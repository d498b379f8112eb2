"""The calendar of working time."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import CalendarAnswer, problems
from leadflow.api.v1.absences import absence_row
from leadflow.api.v1.holidays import First, Last, holiday_row
from leadflow.api.v1.people import initials
from leadflow.kernel.permissions import Permission
from leadflow.routing.calendar import Row, calendar
from leadflow.tenancy.holidays.rules import window

ROUTER = router("calendar")


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.person.id,
        "name": row.person.name,
        "initials": initials(row.person.name),
        "hours": row.person.hours,
        "zone": row.zone,
        "may_change": row.may_change,
        "holidays": row.holidays,
    }


@ROUTER.get("", response_model=CalendarAnswer, responses=problems())
@requires(Permission.LEADS_READ)
async def whole_calendar(call: Calling, first: First = None, last: Last = None) -> Response:
    """Who works when, who is away and which days are holidays: of yourself, of your people if you make rules of
    assignment, of everybody if you manage people.
    """
    async with call.work() as work:
        found = await calendar(work, *window(first, last, work.clock.now().date()))
    groups = [
        {"team": each.team, "name": each.name, "people": [_row(row) for row in each.rows]} for each in found.groups
    ]
    return answer(
        {
            "first": found.first,
            "last": found.last,
            "groups": groups,
            "absences": [absence_row(each) for each in found.absences],
            "holidays": [holiday_row(each) for each in found.holidays],
            "may_manage": found.may_manage,
        }
    )
