"""The steps of the pipeline."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import Stages, problems
from leadflow.kernel.permissions import Permission
from leadflow.leads import queries

ROUTER = router("stages")


@ROUTER.get("", response_model=Stages, responses=problems())
@requires(Permission.LEADS_READ)
async def stages(call: Calling) -> Response:
    """Every stage, in order."""
    async with call.work() as work:
        return answer({"items": await queries.stages(work)})
