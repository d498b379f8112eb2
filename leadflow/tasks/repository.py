"""Loads and saves tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from leadflow.kernel.errors import Forbidden
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Team
from leadflow.kernel.work import Work
from leadflow.tasks.errors import TaskNotFound
from leadflow.tasks.models import Task
from leadflow.tasks.rules import Standing, reaches

_STANDING = text("""
    SELECT t.assignee_id, m.team_id, t.created_by_id, t.lead_id IS NOT NULL AS has_lead, l.owner_id, l.team_id
    FROM task t
    LEFT JOIN membership m ON m.organization_id = t.organization_id AND m.account_id = t.assignee_id
    LEFT JOIN lead l ON l.organization_id = t.organization_id AND l.id = t.lead_id
    WHERE t.organization_id = :organization_id AND t.id = :task_id
""")
_MEMBER = text("""
    SELECT m.account_id, m.team_id FROM membership m
    WHERE m.organization_id = :organization_id AND m.account_id = :account_id AND m.state = 'active'
""")
_ZONE = text("""
    SELECT coalesce(nullif(m.time_zone, ''), o.time_zone) FROM organization o
    LEFT JOIN membership m ON m.organization_id = o.id AND m.account_id = CAST(:account_id AS uuid)
    WHERE o.id = :organization_id
""")
_REMIND = text("""
    WITH due AS MATERIALIZED (
        SELECT t.id FROM task t
        WHERE t.organization_id = :organization_id AND t.reminder = 'waiting' AND t.remind_at <= :now
        ORDER BY t.id LIMIT :limit FOR NO KEY UPDATE
    )
    UPDATE task SET reminder = 'shown' FROM due
    WHERE task.organization_id = :organization_id AND task.id = due.id
    RETURNING task.id, task.assignee_id
""")
_FORGET = text("""
    DELETE FROM task t WHERE t.organization_id = :organization_id AND t.id IN (
        SELECT o.id FROM task o WHERE o.organization_id = :organization_id AND o.deleted_at <= :until
        ORDER BY o.id LIMIT :limit FOR UPDATE
    )
""")
_NEXT = text("""
    SELECT least(
        (SELECT min(t.remind_at) FROM task t
         WHERE t.organization_id = :organization_id AND t.reminder = 'waiting'),
        (SELECT min(t.deleted_at) + CAST(:kept AS interval) FROM task t
         WHERE t.organization_id = :organization_id AND t.deleted_at IS NOT NULL)
    )
""")
# What a lead's former owner was to do about it, and what somebody was who is no longer here.
_FOLLOW = text("""
    WITH moved AS (
        SELECT m.lead_id, m.was, m.owner
        FROM unnest(CAST(:leads AS uuid[]), CAST(:was AS uuid[]), CAST(:owners AS uuid[])) AS m (lead_id, was, owner)
    ), theirs AS MATERIALIZED (
        SELECT t.id, moved.owner, t.assignee_id AS was FROM task t
        JOIN moved ON moved.lead_id = t.lead_id
        WHERE t.organization_id = :organization_id AND t.done_at IS NULL AND t.deleted_at IS NULL
          AND t.assignee_id <> moved.owner
          AND (t.assignee_id = moved.was OR NOT EXISTS (
              SELECT 1 FROM membership a WHERE a.organization_id = :organization_id
                AND a.account_id = t.assignee_id AND a.state = 'active'))
          AND EXISTS (
              SELECT 1 FROM membership b WHERE b.organization_id = :organization_id AND b.account_id = moved.owner)
        ORDER BY t.id FOR NO KEY UPDATE OF t
    )
    UPDATE task SET assignee_id = theirs.owner, version = task.version + 1 FROM theirs
    WHERE task.organization_id = :organization_id AND task.id = theirs.id
    RETURNING task.id, task.lead_id, task.kind, theirs.was, task.assignee_id AS owner
""")


class Moved(NamedTuple):
    """A task that has gone with its lead."""

    id: UUID
    lead_id: UUID
    kind: str
    was: UUID
    owner: UUID


@dataclass(frozen=True, slots=True)
class NewOwner:
    """Who has a lead now, and who had it before."""

    lead: UUID
    was: UUID | None
    owner: UUID


async def get_to_change(work: Work, task_id: UUID) -> Task:
    """The task, locked, also one that is deleted.

    Raises:
        TaskNotFound: there is none, or it is out of sight; the two look the same.
        Forbidden: it may be seen and not changed.

    """
    query = select(Task).where(col(Task.organization_id) == work.organization_id, col(Task.id) == task_id)
    task = (await work.session.execute(query.with_for_update(of=Task))).scalar_one_or_none()
    if task is None:
        raise TaskNotFound
    values = {"organization_id": work.organization_id, "task_id": task_id}
    standing, me = Standing(*(await work.session.execute(_STANDING, values)).one()), work.scope.person
    if reaches(work.scope.reach(Permission.LEADS_WRITE), me, standing):
        return task
    if not reaches(work.scope.reach(Permission.LEADS_READ), me, standing):
        raise TaskNotFound
    raise Forbidden("You can look at this task, but it is for others to change.")


async def save_new(work: Work, task: Task) -> bool:
    """Add it unless there is one with its id; says whether it was added."""
    added = insert(Task).values(**task.model_dump()).on_conflict_do_nothing().returning(col(Task.id))
    return (await work.session.execute(added)).first() is not None


async def team_of(work: Work, account_id: UUID) -> tuple[bool, Team]:
    """Whether somebody is an active member, and of which team."""
    values = {"organization_id": work.organization_id, "account_id": account_id}
    found = (await work.session.execute(_MEMBER, values)).one_or_none()
    return found is not None, found.team_id if found else None


async def zone_of(work: Work, account_id: UUID | None) -> str:
    """Somebody's own time zone, or the organization's."""
    values = {"organization_id": work.organization_id, "account_id": account_id}
    return str((await work.session.execute(_ZONE, values)).scalar_one_or_none() or "UTC")


async def remind(work: Work, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Show reminders whose moment has come; the tasks, and whose they are."""
    values = {"organization_id": work.organization_id, "now": now, "limit": limit}
    return [(task, person) for task, person in await work.session.execute(_REMIND, values)]


async def forget(work: Work, until: datetime, limit: int) -> None:
    """Remove for good what was deleted until then."""
    await work.session.execute(_FORGET, {"organization_id": work.organization_id, "until": until, "limit": limit})


async def next_moment(work: Work, kept: object) -> datetime | None:
    """When there is something to remind of, or to forget."""
    found: datetime | None = await work.session.scalar(_NEXT, {"organization_id": work.organization_id, "kept": kept})
    return found


async def follow(work: Work, owners: Sequence[NewOwner]) -> list[Moved]:
    """Give open tasks of these leads to their new owners."""
    rows = await work.session.execute(
        _FOLLOW,
        {
            "organization_id": work.organization_id,
            "leads": [each.lead for each in owners],
            "was": [each.was for each in owners],
            "owners": [each.owner for each in owners],
        },
    )
    return [Moved(*row) for row in rows]
