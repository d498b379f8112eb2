"""Speed to lead."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import SpeedReport, problems
from leadflow.kernel.permissions import Permission
from leadflow.routing.clock import queries as report
from leadflow.routing.clock.queries import By

ROUTER = router("speed")


@ROUTER.get("", response_model=SpeedReport, responses=problems())
@requires(Permission.INSIGHT_READ)
async def speed(
    call: Calling, by: Annotated[By, Query()] = By.PERSON, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> Response:
    """How long leads of the last days waited for the first call, e-mail or meeting: median and 90th percentile."""
    async with call.reading() as work:
        return answer(await report.speed(work, by, days))
