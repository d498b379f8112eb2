"""What people and systems do with leads, in the words of these tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.leads import Captured, CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.queries import detail


async def capture(app: App, scope: Scope, **fields: Any) -> Captured:
    async with app.work(scope) as work:
        return await leads.capture(work, CaptureLead(**fields))


async def capture_all(app: App, scope: Scope, *commands: CaptureLead) -> list[Captured]:
    async with app.work(scope) as work:
        return await leads.capture_valid(work, commands)


async def update(app: App, scope: Scope, lead_id: UUID, **fields: Any) -> None:
    async with app.work(scope) as work:
        await leads.update(work, lead_id, UpdateLead(**fields))


async def close(app: App, scope: Scope, lead_id: UUID, outcome: str, **fields: Any) -> None:
    async with app.work(scope) as work:
        await leads.close(work, lead_id, CloseLead(outcome=outcome, **fields))  # type: ignore[arg-type]


async def touch(app: App, scope: Scope, lead_id: UUID, kind: str, **fields: Any) -> None:
    async with app.work(scope) as work:
        await leads.log_activity(work, lead_id, LogActivity(kind=kind, **fields))  # type: ignore[arg-type]


async def behave(app: App, scope: Scope, kind: str = "page_viewed", **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.record_behaviour(work, [RecordBehaviour(kind=kind, **fields)]))[0]


async def look(app: App, scope: Scope, lead_id: UUID) -> dict[str, Any]:
    """The lead as its page shows it."""
    async with app.work(scope) as work:
        return await detail(work, lead_id)


async def log(app: App, scope: Scope, *, lead_id: UUID | None = None) -> list[Any]:
    """The organization's log, or one lead's part of it, in the order in which it was recorded."""
    async with app.work(scope) as work:
        rows = await work.session.execute(
            text("""
                SELECT kind, lead_id, actor_kind, actor_id, occurred_at, source, data FROM event
                WHERE lead_id IS NOT NULL AND (CAST(:lead AS uuid) IS NULL OR lead_id = :lead) ORDER BY xid, seq
            """),
            {"lead": lead_id},
        )
        return list(rows)


async def kinds(app: App, scope: Scope, lead_id: UUID) -> list[str]:
    return [event.kind for event in await log(app, scope, lead_id=lead_id)]


async def everything(app: App, scope: Scope) -> list[Any]:
    """All that is stored of leads: what must be the same before and after something that was refused."""
    async with app.work(scope) as work:
        return [
            (await work.session.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1"))).scalars().all()
            for table in ("lead", "lead_identity", "lead_search", "event", "job", "stage")
        ]
