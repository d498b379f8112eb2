"""The audit trail as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from leadflow.audit import rules
from leadflow.audit.rules import Told, TrailFilter
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import repository as tenancy

_WANTED = """
    SELECT e.number, e.event_id, e.at, e.recorded_at, e.actor_kind, e.actor_id, e.kind, e.lead_id, e.source, e.data,
           e.previous_hash, e.hash, coalesce(k.name, f.title) AS actor_name, l.name AS lead_name
    FROM audit_entry e
    LEFT JOIN account a ON a.id = e.actor_id
    LEFT JOIN api_key k ON k.organization_id = e.organization_id AND k.id = e.actor_id
    LEFT JOIN form f ON f.organization_id = e.organization_id AND f.id = e.actor_id
    LEFT JOIN lead l ON l.organization_id = e.organization_id AND l.id = e.lead_id
    WHERE e.organization_id = :organization_id AND e.number > :above AND e.number < :below
      AND (CAST(:actor AS uuid) IS NULL OR e.actor_id = :actor)
      AND (CAST(:kinds AS text[]) = '{}' OR e.kind = ANY(:kinds) OR split_part(e.kind, '.', 1) = ANY(:kinds))
      AND (CAST(:since AS timestamptz) IS NULL OR e.at >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR e.at < :until)
      AND (CAST(:pattern AS text) IS NULL OR concat_ws(
           ' ', translate(e.kind, '_.', '  '), e.kind, e.data::text, a.name, k.name, f.title, l.name) ILIKE :pattern)
"""
_LATEST = text(f"{_WANTED} ORDER BY e.number DESC LIMIT :limit")
_EARLIEST = text(f"{_WANTED} ORDER BY e.number LIMIT :limit")
HIGHEST = 2**63 - 1
ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True)
class TrailPage:
    items: list[dict[str, Any]]
    next_cursor: str | None


async def page(work: Work, wanted: TrailFilter, cursor: str | None = None, limit: int = 50) -> TrailPage:
    """What happened, latest first.

    Raises:
        Invalid: the cursor is not one of ours.

    """
    work.scope.require(Permission.AUDIT_READ)
    values = {**_values(work, wanted), "above": 0, "below": _below(cursor), "limit": limit + 1}
    rows = await _rows(work, _LATEST, values)
    items = await _told(work, rows[:limit])
    return TrailPage(items, str(items[-1]["number"]) if len(rows) > limit else None)


async def following(work: Work, wanted: TrailFilter, after: int, limit: int) -> list[dict[str, Any]]:
    """What happened after entry number `after`, earliest first."""
    work.scope.require(Permission.AUDIT_READ)
    values = {**_values(work, wanted), "above": after, "below": HIGHEST, "limit": limit}
    return await _told(work, await _rows(work, _EARLIEST, values))


async def _rows(work: Work, statement: TextClause, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in (await work.session.execute(statement, values)).mappings()]


async def _told(work: Work, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with `who` and `words`: names are looked up now, since the trail keeps none of people."""
    people = {str(person.id): person.name for person in await tenancy.people(work)} if rows else {}
    items = []
    for row in rows:
        actor_name = people.get(str(row["actor_id"])) if row["actor_kind"] == "person" else row["actor_name"]
        who = rules.who(row["actor_kind"], actor_name)
        # Whoever tampers with an entry must not be able to hide the others.
        data = row["data"] if isinstance(row["data"], dict) else {"": row["data"]}
        told = Told(row["kind"], who, data, row["lead_name"] or "", people)
        items.append({**row, "who": who, "data": data, "words": rules.describe(told), "detail": rules.detail(data)})
    return items


def _values(work: Work, wanted: TrailFilter) -> dict[str, Any]:
    return {
        "organization_id": work.organization_id,
        "actor": wanted.actor,
        "kinds": list(wanted.kinds),
        "since": wanted.since,
        "until": wanted.until,
        "pattern": f"%{wanted.q.translate(ESCAPED)}%" if wanted.q else None,
    }


def _below(cursor: str | None) -> int:
    if not cursor:
        return HIGHEST
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        return int(cursor)
    raise Invalid(problems=[FieldProblem("cursor", "This cursor is not valid; start at the top.")])
