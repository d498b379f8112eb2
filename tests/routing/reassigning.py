"""What tests of reassigning share: looking, doing and taking back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.leads import UpdateLead
from leadflow.routing.commands import Pool
from leadflow.routing.reassigning import service
from leadflow.routing.reassigning.commands import Reassign
from leadflow.routing.reassigning.preview import Preview, preview
from leadflow.routing.reassigning.service import Reassigned, Undone
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.routing.desk import only, some

OF_ITS_OWN = "SELECT kind, lead_id, actor_id, data FROM event WHERE kind = ANY(:kinds) ORDER BY seq"


def to(*members: Member, **more: Any) -> dict[str, Any]:
    return {"to": Pool.model_validate({**only(*members), **more} if members else more)}


async def look(app: App, scope: Scope, **command: Any) -> Preview:
    async with app.reading(scope) as work:
        return await preview(work, Reassign(**command))


async def reassign(app: App, scope: Scope, **command: Any) -> Reassigned:
    async with app.work(scope) as work:
        return await service.reassign(work, Reassign(**command))


async def undo(app: App, scope: Scope, made: Reassigned) -> Undone:
    assert made.id is not None
    async with app.work(scope) as work:
        return await service.undo(work, made.id)


async def owners(app: App, scope: Scope, ids: Sequence[UUID]) -> list[UUID | None]:
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(text("SELECT id, owner_id FROM lead WHERE id = ANY(:ids)"), {"ids": ids})
        found = {row.id: row.owner_id for row in rows}
    return [found[lead] for lead in ids]


async def told(app: App, scope: Scope, *kinds: str) -> list[Any]:
    async with app.work(system_scope(scope.organization_id)) as work:
        return list(await work.session.execute(text(OF_ITS_OWN), {"kinds": list(kinds)}))


async def of(app: App, floor: Floor, owner: Member | None, number: int) -> list[UUID]:
    """Leads of somebody's; their capture is folded, so that routing has nothing to say of them any more."""
    fresh = await some(app, floor.ada, number)
    await fold(app, floor.ada.organization_id, "routing")
    async with app.work(floor.ada) as work:
        for lead in fresh:
            await leads.update(work, lead, UpdateLead(owner=owner.actor.id if owner else None))
    return fresh
