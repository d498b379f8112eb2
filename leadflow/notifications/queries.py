"""Notifications as screens and the API show them: within reach and field rights as they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.fields import LeadField
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.notifications.errors import NotificationNotFound
from leadflow.notifications.notice import Notice, Told
from leadflow.notifications.rules import excerpt, parts
from leadflow.notifications.shelf import all_notices
from leadflow.tasks.queries import titles_in_sight
from leadflow.tenancy.service import names_of

MOST_COUNTED: Final = 100
MOST_LEADS: Final = 1000

_LEADS = """
    FROM notification_lead x JOIN lead l ON l.organization_id = x.organization_id AND l.id = x.lead_id{reach}
    WHERE x.organization_id = n.organization_id AND x.notification_id = n.id
"""
_MINE = """
    WHERE n.organization_id = :organization_id AND n.person_id = :me AND n.kind = ANY(:kinds)
      AND (NOT n.is_about_leads OR EXISTS (SELECT 1 {leads}))
"""
_COLUMNS = """
    n.id::text AS id, n.kind, n.data, n.count, n.last_at,
    (extract(epoch FROM n.last_at) * 1000)::bigint AS at,
    (extract(epoch FROM n.read_at) * 1000)::bigint AS read_at, l.id::text AS lead, l.name, l.company
"""
_UNREAD = " AND n.read_at IS NULL"
_ONE = " AND n.id = :only"
_AFTER = " AND (n.last_at, n.id) < (CAST(:at AS timestamptz), :after)"
_NOTES = text("""
    SELECT e.id::text AS id, e.data ->> 'text' AS note
    FROM unnest(CAST(:leads AS uuid[]), CAST(:times AS timestamptz[]), CAST(:events AS uuid[])) AS w (lead, at, event)
    JOIN event e ON e.organization_id = :organization_id AND e.lead_id = w.lead AND e.occurred_at = w.at
        AND e.id = w.event
""")


@dataclass(frozen=True, slots=True)
class NotificationPage:
    items: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """What was looked up for a page."""

    people: Mapping[str, str]
    notes: Mapping[str, str]
    tasks: Mapping[str, str]


def offered(scope: Scope) -> dict[str, Notice]:
    """The kinds that somebody may be told of."""
    return {kind: notice for kind, notice in all_notices().items() if scope.may(notice.permission)}


def _mine(work: Work) -> tuple[str, str, dict[str, Any]]:
    reach, values = work.scope.within(Permission.LEADS_READ)
    leads = _LEADS.format(reach=reach)
    own = {"organization_id": work.organization_id, "me": work.scope.person, "kinds": list(offered(work.scope))}
    return _MINE.format(leads=leads), leads, {**own, **values}


async def _lines(work: Work, conditions: str, given: Mapping[str, Any], limit: int) -> Sequence[Mapping[str, Any]]:
    mine, leads, values = _mine(work)
    statement = text(f"""
        SELECT {_COLUMNS}, (SELECT count(*) FROM (SELECT 1 {leads} LIMIT {MOST_LEADS}) c) AS leads
        FROM (SELECT n.* FROM notification n {mine}{conditions}
              ORDER BY n.last_at DESC, n.id DESC LIMIT :limit) n
        LEFT JOIN LATERAL (SELECT l.id, l.name, l.company {leads} ORDER BY x.at DESC, l.id DESC LIMIT 1) l ON true
        ORDER BY n.last_at DESC, n.id DESC
    """)
    rows = await work.session.execute(statement, {**values, **given, "limit": limit})
    return [dict(row) for row in rows.mappings()]


async def page(work: Work, cursor: str | None = None, limit: int = 50, *, is_unread: bool = False) -> NotificationPage:
    """The actor's notifications, the latest first; a key has none. Raises Invalid when the cursor is none of ours."""
    work.scope.require(Permission.LEADS_READ)
    conditions, given = (_UNREAD if is_unread else ""), dict[str, Any]()
    if cursor:
        given["at"], given["after"] = decode(cursor, _place)
        conditions += _AFTER
    rows = await _lines(work, conditions, given, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    items = await _told(work, rows[:limit])
    return NotificationPage(items, encode(last["last_at"], last["id"]) if last else None)


async def one(work: Work, notification_id: UUID) -> dict[str, Any]:
    """One of the actor's, as lists show it. Raises NotificationNotFound when it is not there, or out of sight."""
    work.scope.require(Permission.LEADS_READ)
    rows = await _lines(work, _ONE, {"only": notification_id}, 1)
    if not rows:
        raise NotificationNotFound
    return (await _told(work, rows))[0]


async def unread(work: Work) -> int:
    """How many the actor has not read, counted up to a hundred."""
    work.scope.require(Permission.LEADS_READ)
    mine, _, values = _mine(work)
    statement = text(f"""
        SELECT count(*) FROM (SELECT 1 FROM notification n {mine}{_UNREAD} LIMIT {MOST_COUNTED}) c
    """)
    return int((await work.session.execute(statement, values)).scalar_one())


async def unread_ids(work: Work) -> list[UUID]:
    """Those that the actor sees and has not read."""
    mine, _, values = _mine(work)
    found = await work.session.execute(text(f"SELECT n.id FROM notification n {mine}{_UNREAD}"), values)
    return list(found.scalars())


async def preferences(work: Work) -> list[dict[str, Any]]:
    """The kinds that the actor may be told of, and which of them they want."""
    work.scope.require(Permission.LEADS_READ)
    values = {"organization_id": work.organization_id, "me": work.scope.person}
    rows = await work.session.execute(
        text("""
            SELECT p.kind, p.in_app FROM notification_preference p
            WHERE p.organization_id = :organization_id AND p.person_id = :me
        """),
        values,
    )
    said = {row.kind: row.in_app for row in rows}
    return [
        {"kind": kind, "label": each.label, "help": each.help, "in_app": said.get(kind, each.is_on)}
        for kind, each in offered(work.scope).items()
    ]


async def _told(work: Work, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = Names(
        await names_of(work, [str(row["data"].get("by", "")) for row in rows]),
        await _notes(work, rows),
        await _tasks(work, rows),
    )
    return [_line(work, row, names) for row in rows]


async def _notes(work: Work, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    noted = [row for row in rows if row["lead"] and row["data"].get("event")]
    if not noted:
        return {}
    values = {
        "organization_id": work.organization_id,
        "leads": [row["lead"] for row in noted],
        "times": [row["last_at"] for row in noted],
        "events": [row["data"]["event"] for row in noted],
    }
    return {row.id: row.note or "" for row in await work.session.execute(_NOTES, values)}


async def _tasks(work: Work, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    known = [parsed for row in rows if (parsed := parse_id(str(row["data"].get("task", ""))))]
    return await titles_in_sight(work, known) if known else {}


def _line(work: Work, row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    data, hidden = row["data"], work.scope.fields.hidden
    name = (None if LeadField.NAME in hidden else row["name"]) or (
        None if LeadField.COMPANY in hidden else row["company"]
    )
    notice = all_notices()[row["kind"]]
    told = Told(data, row["count"], row["leads"])
    looked_up = {
        "who": names.people.get(str(data.get("by")), ""),
        "lead": name or "",
        "note": excerpt(names.notes.get(str(data.get("event")), "")),
        "task": excerpt(names.tasks.get(str(data.get("task")), "")),
        "text": str(data.get("text", "")),
    }
    line = parts(notice.words(told), looked_up)
    return {
        "id": row["id"],
        "kind": row["kind"],
        "text": "".join(part.text for part in line),
        "parts": [part._asdict() for part in line],
        "at": row["at"],
        "is_read": row["read_at"] is not None,
        "count": row["count"],
        "lead": row["lead"] if row["leads"] == 1 else None,
        "href": f"/leads/{row['lead']}" if row["leads"] == 1 else notice.href(told),
    }


def _place(at: str, notification_id: str) -> tuple[datetime, UUID]:
    """Of a cursor's parts. Raises ValueError for what none of our pages ends with."""
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError(at)
    return moment, UUID(notification_id)
