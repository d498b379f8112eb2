"""Many leads edited at once: looked at before, and taken back after."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, WRITES, WRITES_ONE
from leadflow.api.schemas.bulk import EditPreview, EditProgress, EditResult, EditUndone
from leadflow.api.selection import LeadSelection
from leadflow.intake import editing
from leadflow.intake.editing.errors import EditNotFound
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

ROUTER = router("leads")


class Editing(LeadSelection):
    """Which leads, and what of them changes."""

    change: editing.Change
    with_closed: Annotated[bool, Field(description="Also leads that are won or lost")] = False

    def command(self, account_id: UUID | None) -> editing.EditLeads:
        return editing.EditLeads(**self.which(account_id), change=self.change, with_closed=self.with_closed)


def _known(edit_id: str) -> UUID:
    known = parse_id(edit_id)
    if known is None:
        raise EditNotFound
    return known


@ROUTER.post("/edit/preview", response_model=EditPreview, responses=WRITES)
@requires(Permission.LEADS_WRITE)
async def look(call: Calling, body: Editing) -> Response:
    """How many leads would change, from what, and which would stay. Changes nothing."""
    async with call.reading() as work:
        found = await editing.preview(work, body.command(call.scope.actor.id))
    return answer(found)


@ROUTER.post("/edit", response_model=EditResult, responses=WRITES)
@requires(Permission.LEADS_WRITE)
async def edit(call: Calling, body: Editing) -> Response:
    """Set or empty fields, or move to a stage: up to 1,000 named leads, or up to 10,000 that match a filter."""

    async def effect(work: Work) -> Answer:
        return Answer(200, await editing.edit(work, body.command(call.scope.actor.id)))

    return await call.once(effect)


@ROUTER.get("/edit/{edit_id}", response_model=EditProgress, responses=READS_ONE)
@requires(Permission.LEADS_WRITE)
async def progress(call: Calling, edit_id: str) -> Response:
    """How far it has come, while some of the leads change in the background."""
    async with call.reading() as work:
        found = await editing.progress(work, _known(edit_id))
    return answer(found)


@ROUTER.post("/edit/{edit_id}/undo", response_model=EditUndone, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def undo(call: Calling, edit_id: str) -> Response:
    """Within a day, put each field back that nobody has changed since. Repeated, it tells how far that has come."""
    known = _known(edit_id)

    async def effect(work: Work) -> Answer:
        return Answer(200, await editing.undo(work, known))

    return await call.once(effect)
