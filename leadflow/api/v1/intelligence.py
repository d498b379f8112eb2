"""What an organization's history says of its sources."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import SourceReport, problems
from leadflow.intelligence import queries
from leadflow.kernel.permissions import Permission

ROUTER = router("intelligence")


@ROUTER.get("/sources", response_model=SourceReport, responses=problems())
@requires(Permission.INSIGHT_READ)
async def sources(call: Calling) -> Response:
    """What leads from each source have come to: the share won by the same age with a 90 % range, how long wins take,
    what they were worth, and how many addresses were no good. Leads within the caller's reach; at most a hundred
    sources.
    """
    async with call.reading() as work:
        return answer(await queries.source_quality(work))
