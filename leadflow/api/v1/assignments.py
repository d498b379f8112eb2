"""Why somebody got a lead."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, Proofs
from leadflow.api.v1.leads import known_id
from leadflow.kernel.permissions import Permission
from leadflow.routing import queries

ROUTER = router("leads")


@ROUTER.get("/{lead_id}/assignments", response_model=Proofs, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def proofs(call: Calling, lead_id: str) -> Response:
    """Each decision of routing about a lead, and each failed attempt, with all its candidates; latest first."""
    known = known_id(lead_id)
    async with call.reading() as work:
        return answer({"items": await queries.proofs(work, known)})
