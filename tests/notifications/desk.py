"""What people hear, in the words of these tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import leads, notifications
from leadflow.bootstrap import App
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.leads import LogActivity, UpdateLead
from leadflow.notifications import queries
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold


def me(member: Member) -> UUID:
    assert member.actor.id is not None
    return member.actor.id


async def tell(app: App, scope: Scope) -> None:
    """What the worker does: read the log to its end."""
    await fold(app, scope.organization_id, "notifications")


async def items(app: App, scope: Scope, **wanted: Any) -> list[dict[str, Any]]:
    async with app.reading(scope) as work:
        return (await queries.page(work, **wanted)).items


async def lines(app: App, scope: Scope, **wanted: Any) -> list[str]:
    """What somebody reads, the latest first."""
    return [each["text"] for each in await items(app, scope, **wanted)]


async def unread(app: App, scope: Scope) -> int:
    async with app.reading(scope) as work:
        return await queries.unread(work)


async def heard(app: App, scope: Scope) -> list[str]:
    """The same after the log has been read."""
    await tell(app, scope)
    return await lines(app, scope)


async def happen(app: App, scope: Scope, *events: Event) -> None:
    """Something that our own machinery records."""
    async with app.work(system_scope(scope.organization_id)) as work:
        work.record_all(events)


async def give(app: App, scope: Scope, lead: UUID, to: Member | None) -> None:
    async with app.work(scope) as work:
        await leads.update(work, lead, UpdateLead(owner=to.actor.id if to else None))


async def note(app: App, scope: Scope, lead: UUID, words: str, *mentioned: Member) -> None:
    async with app.work(scope) as work:
        command = LogActivity(kind="note", text=words, mentions=tuple(me(each) for each in mentioned))
        await leads.log_activity(work, lead, command)


async def want(app: App, scope: Scope, kind: str, *, in_app: bool) -> None:
    async with app.work(scope) as work:
        await notifications.set_preference(work, kind, in_app=in_app)


async def mark(app: App, scope: Scope, step: str, notification: str) -> None:
    async with app.work(scope) as work:
        await getattr(notifications, f"mark_{step}")(work, UUID(notification))


async def stored(app: App, scope: Scope) -> list[str]:
    """All that is kept of notifications of an organization."""
    async with app.work(system_scope(scope.organization_id)) as work:
        tables = ("notification", "notification_lead", "notification_preference")
        found = [await work.session.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1")) for table in tables]
        return [row for rows in found for row in rows.scalars()]
