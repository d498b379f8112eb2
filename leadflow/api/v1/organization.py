"""The organization itself: what it uses of the installation."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import Usage, problems
from leadflow.api.times import milliseconds
from leadflow.insight.usage import queries
from leadflow.kernel.permissions import Permission

ROUTER = router("organization")


@ROUTER.get("/usage", response_model=Usage, responses=problems())
@requires(Permission.PEOPLE_MANAGE)
async def usage(call: Calling) -> Response:
    """Seats, and what has happened this month. Whoever runs the installation says how many seats there are."""
    async with call.reading() as work:
        return answer(_row(await queries.usage(work)))


def _row(used: queries.Usage) -> dict[str, Any]:
    seats = used.seats
    return {
        "seats": {"limit": seats.limit, "used": seats.used, "reserved": seats.reserved, "free": seats.free},
        "since": milliseconds(used.since),
        "leads": used.leads,
        "events": used.events,
        "most": queries.MOST,
        "api_keys": used.api_keys,
        "forms": used.forms,
    }
