"""Territories: which leads are whose."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import Territories, TerritoryItem, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.commands import DefineTerritory
from leadflow.routing.errors import TerritoryNotFound
from leadflow.routing.models import Territory
from leadflow.routing.territories import service

ROUTER = router("territories")


def _row(territory: Territory) -> dict[str, Any]:
    return {
        "id": territory.id,
        "position": territory.position,
        "name": territory.name,
        "conditions": territory.conditions,
        "pool": territory.pool,
    }


def _known(territory_id: str) -> UUID:
    known = parse_id(territory_id)
    if known is None:
        raise TerritoryNotFound
    return known


@ROUTER.get("", response_model=Territories, responses=problems())
@requires(Permission.ROUTING_MANAGE)
async def territories(call: Calling) -> Response:
    """Every territory; a lead is of the first whose conditions hold."""
    async with call.work() as work:
        return answer({"items": [_row(each) for each in await service.territories(work)]})


@ROUTER.post("", status_code=201, response_model=TerritoryItem, responses=problems(413, 415))
@requires(Permission.ROUTING_MANAGE)
async def create(call: Calling, body: DefineTerritory) -> Response:
    """Make a territory, asked last unless `position` says otherwise; leads that wait are looked at again."""

    async def effect(work: Work) -> Answer:
        return Answer(201, _row(await service.define(work, body)))

    return await call.once(effect)


@ROUTER.put("/{territory_id}", response_model=TerritoryItem, responses=problems(404, 409, 413, 415))
@requires(Permission.ROUTING_MANAGE)
async def redefine(call: Calling, territory_id: str, body: DefineTerritory) -> Response:
    """Say anew what a territory is; without `position` it stays where it is."""
    known = _known(territory_id)
    async with call.work() as work:
        return answer(_row(await service.define(work, body, known)))


@ROUTER.delete("/{territory_id}", status_code=204, responses=problems(404, 409))
@requires(Permission.ROUTING_MANAGE)
async def remove(call: Calling, territory_id: str) -> Response:
    """Forget a territory that no rule asks for."""
    known = _known(territory_id)
    async with call.work() as work:
        await service.remove(work, known)
    return Response(status_code=204)
