"""Many leads given to others at once: looked at before, and taken back after."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from leadflow.api.criteria import LeadCriteria
from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import WRITES, WRITES_ONE, ReassignPreview, ReassignResult, UndoResult
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.commands import Pool
from leadflow.routing.errors import ReassignmentNotFound
from leadflow.routing.reassigning import service
from leadflow.routing.reassigning.commands import MOST_NAMED, Reassign
from leadflow.routing.reassigning.preview import preview

ROUTER = router("leads")


class Selection(BaseModel):
    """Either `leads` or `filter`, which is what the list of leads takes; and who gets them, several people evenly."""

    model_config = ConfigDict(extra="forbid")

    leads: Annotated[list[UUID], Field(max_length=MOST_NAMED)] | None = None
    filter: LeadCriteria | None = None
    to: Pool
    with_closed: Annotated[bool, Field(description="Also leads that are won or lost")] = False

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.leads is None) == (self.filter is None):
            raise ValueError("Name the leads, or give a filter.")
        return self

    def command(self, account_id: UUID | None) -> Reassign:
        return Reassign(
            leads=None if self.leads is None else tuple(self.leads),
            where=self.filter.filter_for(account_id) if self.filter else None,
            to=self.to,
            with_closed=self.with_closed,
        )


@ROUTER.post("/reassign/preview", response_model=ReassignPreview, responses=WRITES)
@requires(Permission.LEADS_WRITE)
async def look(call: Calling, body: Selection) -> Response:
    """Who would get how many leads, from whom, and which would stay. Changes nothing."""
    async with call.reading() as work:
        found = await preview(work, body.command(call.scope.actor.id))
    return answer(found)


@ROUTER.post("/reassign", response_model=ReassignResult, responses=WRITES)
@requires(Permission.LEADS_WRITE)
async def reassign(call: Calling, body: Selection) -> Response:
    """Give up to 1,000 named leads, or up to 10,000 that match a filter, to somebody else, or evenly to several."""

    async def effect(work: Work) -> Answer:
        return Answer(200, await service.reassign(work, body.command(call.scope.actor.id)))

    return await call.once(effect)


@ROUTER.post("/reassign/{reassignment_id}/undo", response_model=UndoResult, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def undo(call: Calling, reassignment_id: str) -> Response:
    """Within a day, give each lead back that nobody has assigned since. Repeated, it tells how far that has come."""
    known = parse_id(reassignment_id)
    if known is None:
        raise ReassignmentNotFound

    async def effect(work: Work) -> Answer:
        return Answer(200, await service.undo(work, known))

    return await call.once(effect)
