"""Whether the organization takes part in the pool of what organizations learn from their leads."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import problems
from leadflow.api.schemas.scoring_pool import PoolItem
from leadflow.api.times import milliseconds
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring.pooling import service
from leadflow.scoring.pooling.commands import TakePart
from leadflow.scoring.pooling.service import Standing

ROUTER = router("scoring")


@ROUTER.get("/pool", response_model=PoolItem, responses=problems())
@requires(Permission.SETTINGS_MANAGE)
async def pool(call: Calling) -> Response:
    """Whether the organization takes part, and what the last pool rests on."""
    async with call.reading() as work:
        return answer(_pool(await service.look(work)))


@ROUTER.put("/pool", response_model=PoolItem, responses=problems(413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def take_part(call: Calling, body: TakePart) -> Response:
    """Take part from the next night on, or no longer. Who takes part gives and gets."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _pool(await service.take_part(work, body)))

    return await call.once(effect)


def _pool(found: Standing) -> dict[str, Any]:
    return {
        "joined": found.joined,
        "since": milliseconds(found.since),
        "at": milliseconds(found.at),
        "organizations": found.organizations if found.at else None,
        "leads": found.leads if found.at else None,
    }
