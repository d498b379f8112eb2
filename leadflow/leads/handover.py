"""Use case of handing over: all open leads of somebody who leaves go to somebody else, or back to be routed."""

from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository

AT_ONCE = 2_000
"""Leads per unit of work: a longer one would hold back every reader of the log."""


async def hand_over(work: Work, owner: UUID, to: UUID | None) -> int:
    """Give at most `AT_ONCE` open leads of `owner` to `to` (None: to whomever routing chooses); says how many.

    Repeated until it says 0, it has handed over all.

    Raises:
        Invalid: the new owner is nobody of the organization, or the old one.

    """
    work.scope.require(Permission.LEADS_WRITE)
    work.scope.require(Permission.PEOPLE_MANAGE)
    if to is not None and (to == owner or not await repository.is_member(work, to)):
        raise Invalid(problems=[FieldProblem("to", "Choose somebody else of your organization.")])
    leads = await repository.hand_over(work, owner, to, AT_ONCE)
    kind = "lead.assigned" if to else "lead.released"
    data = {"from": str(owner), "to": str(to) if to else None, "how": "handed over"}
    work.record_all(Event(kind, lead, dict(data)) for lead in leads)
    return len(leads)
