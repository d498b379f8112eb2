"""Taking an offered lead."""

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, requires, router
from leadflow.api.schemas import WRITES_ONE, ChangedLead
from leadflow.api.v1.leads import known_id, shown
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.offers import service

ROUTER = router("leads")


@ROUTER.post("/{lead_id}/claim", response_model=ChangedLead, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def claim(call: Calling, lead_id: str) -> Response:
    """Take a lead that is offered to you. 409 when somebody else was first; it says who."""
    known = known_id(lead_id)

    async def effect(work: Work) -> Answer:
        await service.claim(work, known)
        return Answer(200, {"lead": await shown(work, known)})

    return await call.once(effect)
