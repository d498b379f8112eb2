"""Leads that are offered to whoever asks."""

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import Offers, problems
from leadflow.kernel.permissions import Permission
from leadflow.routing.offers import service

ROUTER = router("offers")


@ROUTER.get("", response_model=Offers, responses=problems())
@requires(Permission.LEADS_WRITE)
async def offers(call: Calling) -> Response:
    """What you may claim, the best first. Of a lead out of your reach you see no person until it is yours."""
    async with call.reading() as work:
        found = await service.offers(work)
    return answer({"items": found.items, "total": found.total})
