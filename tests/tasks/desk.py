"""What people do with tasks, in the words of these tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import tasks
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.tasks import ChangeTask, CreateTask, queries
from leadflow.tasks.queries import TaskFilter
from leadflow.tasks.rules import day_of
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member


def me(member: Member) -> UUID:
    assert member.actor.id is not None
    return member.actor.id


async def add(app: App, scope: Scope, title: str = "Call back", **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return await tasks.create(work, CreateTask(title=title, **fields))


async def change(app: App, scope: Scope, task: UUID, **fields: Any) -> None:
    async with app.work(scope) as work:
        await tasks.change(work, task, ChangeTask(**fields))


async def look(app: App, scope: Scope, task: UUID) -> dict[str, Any]:
    async with app.reading(scope) as work:
        return await queries.one(work, task)


async def listed(app: App, scope: Scope, zone: str = "UTC", **wanted: Any) -> list[str]:
    """The titles of a page, in its order."""
    async with app.reading(scope) as work:
        page = await queries.page(work, TaskFilter(**wanted), day_of(work.clock.now(), zone))
        return [each["title"] for each in page.items]


async def counted(app: App, scope: Scope, zone: str = "UTC") -> dict[str, int]:
    async with app.reading(scope) as work:
        return await queries.counts(work, day_of(work.clock.now(), zone))


async def tick(app: App, scope: Scope) -> list[datetime | None]:
    """What the job does when the moment has come; says for when it comes back."""
    async with app.work(system_scope(scope.organization_id)) as work:
        await tasks.tick(work)
        return [job.run_at for job in work.jobs]


async def reminded(app: App, scope: Scope) -> list[str]:
    async with app.reading(scope) as work:
        return [each["title"] for each in await queries.reminders(work)]


async def said(app: App, scope: Scope, task: UUID) -> list[Any]:
    """What the log says of a task, in order."""
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT kind, lead_id, actor_id, data FROM event WHERE data ->> 'task_id' = :task ORDER BY xid, seq"),
            {"task": str(task)},
        )
        return list(rows)


async def everything(app: App, scope: Scope) -> list[Any]:
    """All that is stored of tasks: what must be the same before and after something that was refused."""
    async with app.work(system_scope(scope.organization_id)) as work:
        return [
            (await work.session.execute(text(f"SELECT t::text FROM {table} t ORDER BY 1"))).scalars().all()
            for table in ("task", "event", "job")
        ]
