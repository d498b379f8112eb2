"""Holding a lead in a band, and letting it go."""

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, requires, router
from leadflow.api.schemas import WRITES_ONE, ChangedLead, problems
from leadflow.api.v1.leads import known_id, shown
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring.overrides import service
from leadflow.scoring.overrides.commands import HoldBand

ROUTER = router("leads")


@ROUTER.put("/{lead_id}/band", response_model=ChangedLead, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def hold(call: Calling, lead_id: str, body: HoldBand) -> Response:
    """Show a lead as hot, warm or cold for a while, whatever its score says; then it returns to its automatic band.

    From one hour to 90 days: with `until`, or with `hours` from now; 7 days with neither.
    """
    known = known_id(lead_id)

    async def effect(work: Work) -> Answer:
        await service.hold(work, known, body)
        return Answer(200, {"lead": await shown(work, known)})

    return await call.once(effect)


@ROUTER.delete("/{lead_id}/band", status_code=204, responses=problems(404))
@requires(Permission.LEADS_WRITE)
async def release(call: Calling, lead_id: str) -> Response:
    """Return a lead to its automatic band; nothing changes where nobody holds it."""
    known = known_id(lead_id)
    async with call.work() as work:
        await service.release(work, known)
    return Response(status_code=204)
