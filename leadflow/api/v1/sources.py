"""Where leads came from."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import Sources, problems
from leadflow.kernel.permissions import Permission
from leadflow.leads import queries

ROUTER = router("sources")


@ROUTER.get("", response_model=Sources, responses=problems())
@requires(Permission.LEADS_READ)
async def sources(call: Calling) -> Response:
    """Every source with how many leads it brought, the most frequent first; at most a hundred."""
    async with call.work() as work:
        return answer({"items": await queries.sources(work)})
