"""What to do next with a lead, when to reach it, and when it is usually decided."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, LeadIntelligence
from leadflow.api.v1.leads import known_id
from leadflow.intelligence import queries
from leadflow.kernel.permissions import Permission

ROUTER = router("leads")


@ROUTER.get("/{lead_id}/intelligence", response_model=LeadIntelligence, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def intelligence(call: Calling, lead_id: str) -> Response:
    """Next steps, most urgent first, each with its reason; and what the organization's own history says of a lead like
    this. Each rests on a number of calls, e-mails or leads, and below a minimum it is not told.
    """
    known = known_id(lead_id)
    async with call.reading() as work:
        return answer(await queries.of_lead(work, known))
