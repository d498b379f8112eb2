"""Tasks as screens and the API show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.tasks.errors import TaskNotFound
from leadflow.tasks.rules import Day, Due

MOST_REMINDERS: Final = 20

_COLUMNS = """
    t.id::text AS id, t.title, t.note, t.kind, t.all_day, t.reminder, t.version,
    (extract(epoch FROM t.due_at) * 1000)::bigint AS due_at,
    (extract(epoch FROM t.remind_at) * 1000)::bigint AS remind_at,
    (extract(epoch FROM t.created_at) * 1000)::bigint AS created_at,
    (extract(epoch FROM t.done_at) * 1000)::bigint AS done_at,
    t.assignee_id::text AS assignee, coalesce(a.name, '') AS assignee_name, t.created_by_id::text AS created_by,
    l.id::text AS lead, l.name AS lead_name, l.company AS lead_company
"""
# Somebody's own always; else what is about leads within reach, and of what is about none, what people within reach do.
_SEEN = """
    FROM task t
    LEFT JOIN account a ON a.id = t.assignee_id
    LEFT JOIN lead l ON l.organization_id = t.organization_id AND l.id = t.lead_id{leads}
    LEFT JOIN (SELECT m.organization_id, m.account_id AS owner_id, m.team_id FROM membership m) p
        ON p.organization_id = t.organization_id AND p.owner_id = t.assignee_id{people}
    WHERE t.organization_id = :organization_id AND t.deleted_at IS NULL
      AND (t.assignee_id = :me OR t.created_by_id = :me OR l.id IS NOT NULL
           OR (t.lead_id IS NULL AND p.owner_id IS NOT NULL))
"""
# As the index of open tasks has it, which answers these conditions too.
_PLACE = "coalesce(t.due_at, 'infinity'::timestamptz)"
_FIRST_OPEN = f"{_PLACE}, t.id"
_LAST_DONE = "t.done_at DESC, t.id DESC"
_AFTER_OPEN = f" AND ({_PLACE}, t.id) > (coalesce(CAST(:at AS timestamptz), 'infinity'::timestamptz), :id)"
_AFTER_DONE = " AND (t.done_at, t.id) < (CAST(:at AS timestamptz), :id)"
_DUE: Mapping[Due, str] = {
    Due.OVERDUE: f" AND {_PLACE} < :now",
    Due.TODAY: f" AND {_PLACE} >= :now AND {_PLACE} < :day_ends",
    Due.UPCOMING: f" AND {_PLACE} >= :day_ends AND t.due_at IS NOT NULL",
    Due.NONE: f" AND {_PLACE} = 'infinity' AND t.due_at IS NULL",
}
_COUNTS = text("""
    SELECT count(*) FILTER (WHERE t.due_at < :now) AS overdue,
           count(*) FILTER (WHERE t.due_at >= :now AND t.due_at < :day_ends) AS today,
           count(*) FILTER (WHERE t.due_at >= :day_ends) AS upcoming,
           count(*) FILTER (WHERE t.due_at IS NULL) AS undated,
           (SELECT count(*) FROM task d WHERE d.organization_id = :organization_id AND d.assignee_id = :me
              AND d.deleted_at IS NULL AND d.done_at >= :day_starts) AS done_today
    FROM task t
    WHERE t.organization_id = :organization_id AND t.assignee_id = :me AND t.done_at IS NULL AND t.deleted_at IS NULL
""")
_TITLES = text("""
    SELECT t.id::text AS id, t.title FROM task t WHERE t.organization_id = :organization_id AND t.id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; all that is named must hold."""

    assignee: UUID | None = None
    lead: UUID | None = None
    is_done: bool = False
    due: Due | None = None
    done_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    items: list[dict[str, Any]]
    next_cursor: str | None


async def page(work: Work, wanted: TaskFilter, day: Day, cursor: str | None = None, limit: int = 50) -> TaskPage:
    """A page of tasks that the actor may see: open ones by when they are due, done ones with the last one first.

    Raises:
        Invalid: the cursor is none of ours.

    """
    work.scope.require(Permission.LEADS_READ)
    conditions, values = _wanted(work, wanted, day)
    order, after = (_LAST_DONE, _AFTER_DONE) if wanted.is_done else (_FIRST_OPEN, _AFTER_OPEN)
    if cursor:
        values["at"], values["id"] = decode(cursor, _place)
    seen, reach = _seen(work)
    statement = text(
        f"SELECT {_COLUMNS}, coalesce(t.done_at, t.due_at) AS place {seen}{conditions}{after if cursor else ''} "
        f"ORDER BY {order} LIMIT :limit"
    )
    rows = (await work.session.execute(statement, {**values, **reach, "limit": limit + 1})).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    return TaskPage(
        [_told(work, dict(row)) for row in rows[:limit]], encode(last["place"], last["id"]) if last else None
    )


def _wanted(work: Work, wanted: TaskFilter, day: Day) -> tuple[str, dict[str, Any]]:
    conditions = " AND t.done_at IS NOT NULL" if wanted.is_done else " AND t.done_at IS NULL"
    values: dict[str, Any] = {"now": work.clock.now(), "day_ends": day.ends}
    if wanted.assignee is not None:
        conditions += " AND t.assignee_id = :assignee"
        values["assignee"] = wanted.assignee
    if wanted.lead is not None:
        conditions += " AND t.lead_id = :lead AND l.id IS NOT NULL"
        values["lead"] = wanted.lead
    if wanted.due is not None:
        conditions += _DUE[wanted.due]
    if wanted.done_since is not None:
        conditions += " AND t.done_at >= :done_since"
        values["done_since"] = wanted.done_since
    return conditions, values


def _seen(work: Work) -> tuple[str, dict[str, Any]]:
    """Where the actor's tasks come from; both clauses are of one reach, and so have the same values."""
    reach = work.scope.reach(Permission.LEADS_READ)
    (leads, values), (people, _) = reach.clause("l"), reach.clause("p")
    own = {"organization_id": work.organization_id, "me": work.scope.person}
    return _SEEN.format(leads=leads, people=people), {**own, **values}


async def one(work: Work, task_id: UUID) -> dict[str, Any]:
    """A task as lists show it. Raises TaskNotFound when it is not there, or out of sight."""
    work.scope.require(Permission.LEADS_READ)
    seen, values = _seen(work)
    found = await work.session.execute(
        text(f"SELECT {_COLUMNS} {seen} AND t.id = :task_id"), {**values, "task_id": task_id}
    )
    row = found.mappings().one_or_none()
    if row is None:
        raise TaskNotFound
    return _told(work, dict(row))


async def reminders(work: Work) -> list[dict[str, Any]]:
    """What the actor is being reminded of, the latest first."""
    work.scope.require(Permission.LEADS_READ)
    seen, values = _seen(work)
    rows = await work.session.execute(
        text(
            f"SELECT {_COLUMNS} {seen} AND t.assignee_id = :me AND t.done_at IS NULL AND t.reminder = 'shown' "
            "ORDER BY t.remind_at DESC, t.id LIMIT :limit"
        ),
        {**values, "limit": MOST_REMINDERS},
    )
    return [_told(work, dict(row)) for row in rows.mappings()]


async def counts(work: Work, day: Day) -> dict[str, int]:
    """How much of the actor's own is overdue, due today, later and at no time, and what they have done today."""
    work.scope.require(Permission.LEADS_READ)
    values = {"now": work.clock.now(), "day_starts": day.starts, "day_ends": day.ends, "me": work.scope.person}
    found = await work.session.execute(_COUNTS, {"organization_id": work.organization_id, **values})
    return dict(found.mappings().one())


async def titles(work: Work, task_ids: Sequence[UUID]) -> dict[str, str]:
    """What tasks are called, for whoever was let see what they are about; those that are forgotten are missing."""
    work.scope.require(Permission.LEADS_READ)
    rows = await work.session.execute(_TITLES, {"organization_id": work.organization_id, "ids": list(task_ids)})
    return {str(row.id): row.title for row in rows}


async def titles_in_sight(work: Work, task_ids: Sequence[UUID]) -> dict[str, str]:
    """What tasks are called, by their id, of those that the actor sees."""
    work.scope.require(Permission.LEADS_READ)
    seen, values = _seen(work)
    statement = text(f"SELECT t.id::text AS id, t.title {seen} AND t.id = ANY(:ids)")
    rows = await work.session.execute(statement, {**values, "ids": list(task_ids)})
    return {str(row.id): row.title for row in rows}


def _told(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    hidden = work.scope.fields.hidden
    told = {name: value for name, value in row.items() if name != "place"}
    if LeadField.NAME in hidden:
        told["lead_name"] = None
    if LeadField.COMPANY in hidden:
        told["lead_company"] = None
    return told


def _place(at: str | None, task_id: str) -> tuple[datetime | None, UUID]:
    """Of a cursor's parts. Raises ValueError for what none of our pages ends with."""
    moment = datetime.fromisoformat(at) if at is not None else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(at)
    return moment, UUID(task_id)
