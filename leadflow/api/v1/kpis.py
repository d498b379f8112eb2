"""The numbers a manager watches."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import KpiItem, problems
from leadflow.insight import queries
from leadflow.kernel.permissions import Permission

ROUTER = router("kpis")


@ROUTER.get("", response_model=dict[str, KpiItem], responses=problems())
@requires(Permission.INSIGHT_READ)
async def kpis(call: Calling) -> Response:
    """Every KPI by name, in the order in which screens show them; the same figures that the live feed sends."""
    async with call.work() as work:
        return answer(await queries.kpis(work))
