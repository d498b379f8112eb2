"""What tests of editing share: looking, doing and taking back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake import editing
from leadflow.intake.editing import Change, Edited, EditLeads, Preview, Progress, Undone
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, UpdateLead
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member

FIELDS = "stage, source, country, title, company, value, currency"


async def some(app: App, owner: Scope, number: int, of: Member | None = None, **fields: Any) -> list[UUID]:
    """Leads that say this; somebody's, where it is said whose."""
    async with app.work(owner) as work:
        commands = [CaptureLead(name=f"Lead {place}", **fields) for place in range(number)]
        fresh = [each.lead_id for each in await leads.capture_valid(work, commands)]
        if of is not None:
            for lead in fresh:
                await leads.update(work, lead, UpdateLead(owner=of.actor.id))
    return fresh


def command(
    ids: Sequence[UUID] | None = None, *, with_closed: bool = False, where: Any = None, **change: Any
) -> EditLeads:
    which = {"where": where} if ids is None else {"leads": tuple(ids)}
    return EditLeads(**which, change=Change(**change), with_closed=with_closed)


async def look(app: App, scope: Scope, wanted: EditLeads) -> Preview:
    async with app.reading(scope) as work:
        return await editing.preview(work, wanted)


async def edit(app: App, scope: Scope, wanted: EditLeads) -> Edited:
    async with app.work(scope) as work:
        return await editing.edit(work, wanted)


async def undo(app: App, scope: Scope, made: Edited) -> Undone:
    assert made.id is not None
    async with app.work(scope) as work:
        return await editing.undo(work, made.id)


async def progress(app: App, scope: Scope, made: Edited) -> Progress:
    assert made.id is not None
    async with app.reading(scope) as work:
        return await editing.progress(work, made.id)


async def rest(app: App, scope: Scope, made: Edited, *, is_undo: bool = False) -> int:
    """What the job does; says in how many transactions."""
    assert made.id is not None
    is_more, parts = True, 0
    while is_more:
        async with app.work(system_scope(scope.organization_id).acting_as(scope.actor)) as work:
            is_more = await editing.go_on(work, made.id, is_undo=is_undo)
        parts += 1
    return parts


async def said(app: App, scope: Scope, ids: Sequence[UUID], columns: str = FIELDS) -> list[Any]:
    """What these leads say, in this order."""
    async with app.work(system_scope(scope.organization_id)) as work:
        statement = f"SELECT {columns} FROM lead WHERE id = ANY(:ids) ORDER BY array_position(CAST(:ids AS uuid[]), id)"
        return list(await work.session.execute(text(statement), {"ids": list(ids)}))


async def told(app: App, scope: Scope, *kinds: str) -> list[Any]:
    async with app.work(system_scope(scope.organization_id)) as work:
        statement = "SELECT kind, lead_id, actor_id, data FROM event WHERE kind = ANY(:kinds) ORDER BY seq"
        return list(await work.session.execute(text(statement), {"kinds": list(kinds)}))
