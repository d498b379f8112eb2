"""Leads in groups: how many, worth how much, how warm."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from leadflow.api.criteria import LeadMatch
from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import READS, LeadGroups
from leadflow.kernel.permissions import Permission
from leadflow.views.grouping.rules import Grouping
from leadflow.views.totals.queries import totals

ROUTER = router("leads")


class GroupQuery(LeadMatch):
    """Which leads, and by what they are grouped."""

    by: Grouping = Grouping.ALL


@ROUTER.get("/groups", response_model=LeadGroups, responses=READS)
@requires(Permission.LEADS_READ)
async def groups(call: Calling, query: Annotated[GroupQuery, Query()]) -> Response:
    """The groups of a list, the largest first; the leads of one are `GET /leads?group=…&key=…` with the same filter.

    Days, weeks and months are those of the organization's time zone. Without `by`, the list as a whole.
    """
    async with call.reading() as work:
        told = await totals(work, query.filter_for(call.scope.actor.id), query.by)
    return answer({"items": [{"key": key, **total} for key, total in told.groups.items()], "capped": told.is_capped})
