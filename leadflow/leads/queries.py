"""What one lead's page shows: the facts, and everything that ever happened."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Result

from leadflow.kernel.clock import milliseconds
from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Question, Work
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.fields import visible, visible_data
from leadflow.leads.merging import Author
from leadflow.leads.models import Lead
from leadflow.leads.repository import LeadRow
from leadflow.leads.timeline import actor_of, describe


@dataclass(frozen=True, slots=True)
class TimelinePage:
    items: list[dict[str, Any]]
    next_cursor: str | None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DETAIL = """
    SELECT l.id::text AS id, l.name, l.company, l.title, l.email, l.phone, l.domain, l.country, l.source, l.stage,
           l.owner_id::text AS owner, l.value, l.currency, l.score, l.score_delta AS delta,
           l.score_trail AS trail, l.band, {reason}, l.custom,
           l.facts, l.version, s.kind AS outcome,
           (extract(epoch FROM l.captured_at) * 1000)::bigint AS captured_at,
           (extract(epoch FROM l.stage_at) * 1000)::bigint AS stage_at,
           (extract(epoch FROM l.touched_at) * 1000)::bigint AS touched_at,
           (extract(epoch FROM l.touch_due_at) * 1000)::bigint AS due_at,
           (extract(epoch FROM l.touch_remind_at) * 1000)::bigint AS remind_at,
           (extract(epoch FROM l.held_until) * 1000)::bigint AS held_until,
           (extract(epoch FROM l.closed_at) * 1000)::bigint AS closed_at
    FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.id = :lead_id
"""
_IS_THERE = "SELECT 1 FROM lead l WHERE l.organization_id = :organization_id AND l.id = :lead_id"

_TIMELINE = """
    SELECT e.seq, e.id::text AS id, e.kind, e.occurred_at, e.actor_kind, e.actor_id::text AS actor_id, e.source,
           e.data, a.name AS actor_name
    FROM event e LEFT JOIN account a ON a.id = e.actor_id
    WHERE e.organization_id = :organization_id AND e.lead_id = :lead_id {after} {kinds}
      AND NOT (split_part(e.kind, '.', 1) = 'lead' AND e.data ->> 'told_by' IS NOT NULL)
    ORDER BY e.occurred_at DESC, e.seq DESC LIMIT :limit
"""

# The last event that tells of each field having been set. Of names, addresses and numbers it only tells that they were.
_LAST_CHANGES = text("""
    SELECT DISTINCT ON (f.field) f.field, e.occurred_at, e.actor_kind, a.name AS actor_name
    FROM unnest(CAST(:fields AS text[])) AS f (field)
    JOIN event e ON e.organization_id = :organization_id AND e.lead_id = :lead_id AND CASE e.kind
        WHEN 'lead.updated' THEN e.data #> ARRAY['changes', f.field] IS NOT NULL
        WHEN 'lead.assigned' THEN f.field = 'owner'
        WHEN 'lead.released' THEN f.field = 'owner'
        WHEN 'lead.stage_changed' THEN f.field = 'stage'
        WHEN 'lead.reopened' THEN f.field = 'stage'
        WHEN 'lead.lost' THEN f.field = 'stage'
        WHEN 'lead.won' THEN f.field IN ('stage', 'value')
        WHEN 'lead.joined' THEN coalesce(e.data ->> f.field, '') NOT IN ('', '0', 'false')
        WHEN 'lead.enriched' THEN f.field = 'country' AND e.data #> '{facts,country}' IS NOT NULL
        ELSE false
    END
    LEFT JOIN account a ON a.id = e.actor_id
    ORDER BY f.field, e.seq DESC
""")


# The first line about the score that tells of no hidden field.
_REASON = """coalesce((
        SELECT h.line ->> 0
        FROM lead_score s, jsonb_array_elements(s.explanation -> 'headlines') WITH ORDINALITY AS h (line, place)
        WHERE s.organization_id = l.organization_id AND s.lead_id = l.id
          AND h.line ->> 1 <> ALL (CAST(:hidden_fields AS text[]))
        ORDER BY h.place LIMIT 1
    ), '') AS reason"""


def reason_for(fields: FieldRights) -> tuple[str, Mapping[str, object]]:
    """The column `reason` of `lead l` as somebody with these rights reads it, and its values."""
    return (_REASON, {"hidden_fields": sorted(fields.hidden)}) if fields.hidden else ("l.reason", {})


async def detail(work: Work, lead_id: UUID) -> dict[str, Any]:
    """Every fact of one lead; raises as `asking_detail` says."""
    return await asking_detail(work, lead_id).answer(work)


def asking_detail(work: Work, lead_id: UUID) -> Question[dict[str, Any]]:
    """Every fact of one lead.

    Raises, when it is read:
        LeadNotFound: it is not there, or out of sight; the two look the same.

    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = work.scope.within(Permission.LEADS_READ)
    reason, hidden = reason_for(work.scope.fields)
    statement = text(f"{_DETAIL.format(reason=reason)}{clause}")
    return Question(
        (statement, {"organization_id": work.organization_id, "lead_id": lead_id, **values, **hidden}),
        lambda found: _told(found, work.scope.fields),
    )


def _told(found: Result[Any], fields: FieldRights) -> dict[str, Any]:
    row = found.mappings().one_or_none()
    if row is None:
        raise LeadNotFound
    lead = dict(row)
    lead["facts"] = {key: fact | {"at": _milliseconds(fact["at"])} for key, fact in lead["facts"].items()}
    lead["outcome"] = lead["outcome"] if lead["outcome"] in ("won", "lost") else None
    return visible(lead, fields)


async def require_in_sight(work: Work, lead_id: UUID) -> None:
    """Before anything that hangs on a lead is told.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = work.scope.within(Permission.LEADS_READ)
    found = await work.session.execute(
        text(f"{_IS_THERE}{clause}"), {"organization_id": work.organization_id, "lead_id": lead_id, **values}
    )
    if found.first() is None:
        raise LeadNotFound


async def place_of(work: Work, lead_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Whose a lead is, and of which team. Raises LeadNotFound when it is not there, or out of sight."""
    await require_in_sight(work, lead_id)
    found = await work.session.execute(
        text("SELECT owner_id, team_id FROM lead WHERE organization_id = :organization_id AND id = :lead_id"),
        {"organization_id": work.organization_id, "lead_id": lead_id},
    )
    owner, team = found.one()
    return owner, team


def in_sight(work: Work, lead_id: str) -> tuple[str, Mapping[str, object]]:
    """What a statement about things that hang on leads adds to its conditions; `lead_id` is its column."""
    clause, values = work.scope.within(Permission.LEADS_READ, "seen")
    if not clause:
        return "", {}
    exists = f"seen.organization_id = :organization_id AND seen.id = {lead_id}{clause}"
    return f" AND EXISTS (SELECT 1 FROM lead seen WHERE {exists})", values


_GIVEN = ("name", "company", "title", "email", "phone", "domain", "country", "source", "value", "currency")
_FRESH = {
    said: Lead.model_fields[column].default
    for said, column in {
        "stage": "stage", "owner": "owner_id", "score": "score", "delta": "score_delta",
        "trail": "score_trail", "band": "band", "reason": "reason", "version": "version", "touched_at": "touched_at",
        "closed_at": "closed_at", "due_at": "touch_due_at", "remind_at": "touch_remind_at", "held_until": "held_until",
    }.items()
}  # fmt: skip


def detail_of_new(work: Work, row: LeadRow) -> dict[str, Any]:
    """What `detail` would say of a lead that this unit of work has written, without asking for it."""
    work.scope.require(Permission.LEADS_READ)
    since_epoch = row.captured_at - _EPOCH
    at = (since_epoch + timedelta(microseconds=500)) // timedelta(milliseconds=1)
    given = {name: getattr(row, name) for name in _GIVEN}
    lead = {
        "id": str(row.id),
        **given,
        **_FRESH,
        "custom": dict(row.custom),
        "facts": {},
        "outcome": None,
        "captured_at": at,
        "stage_at": at,
    }
    return visible(lead, work.scope.fields)


async def timeline(
    work: Work, lead_id: UUID, cursor: str | None = None, limit: int = 50, kinds: tuple[str, ...] = ()
) -> TimelinePage:
    """What happened to a lead, latest first. `kinds` are nouns ("activity", "behaviour", "lead"); all when empty.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    await require_in_sight(work, lead_id)
    values: dict[str, Any] = {"organization_id": work.organization_id, "lead_id": lead_id, "limit": limit + 1}
    after = ""
    if cursor:
        values["at"], values["seq"] = decode(cursor, _place)
        after = "AND (e.occurred_at, e.seq) < (:at, :seq)"
    only = ""
    if kinds:
        only = "AND split_part(e.kind, '.', 1) = ANY(:kinds)"
        values["kinds"] = list(kinds)
    rows = (await work.session.execute(text(_TIMELINE.format(after=after, kinds=only)), values)).mappings().all()
    items = [describe({**row, "data": visible_data(row["data"], work.scope.fields)}) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return TimelinePage(items, encode(last["occurred_at"].timestamp(), last["seq"]) if last else None)


def _milliseconds(moment: str) -> int:
    return milliseconds(datetime.fromisoformat(moment))


def _place(at: float, seq: int) -> tuple[datetime, int]:
    return datetime.fromtimestamp(at, UTC), int(seq)


async def last_changes(work: Work, lead_id: UUID, columns: Collection[str]) -> dict[str, Author]:
    """Who set each of these columns of a lead last, and when; without those of which the log does not tell."""
    await require_in_sight(work, lead_id)
    rows = await work.session.execute(
        _LAST_CHANGES, {"organization_id": work.organization_id, "lead_id": lead_id, "fields": list(columns)}
    )
    return {row["field"]: Author(actor_of(dict(row)), row["occurred_at"]) for row in rows.mappings()}


async def sources(work: Work) -> list[dict[str, Any]]:
    """Where leads came from, the most frequent first; at most a hundred. Raises Forbidden where that is hidden."""
    work.scope.require(Permission.LEADS_READ)
    work.scope.fields.require_read(LeadField.SOURCE)
    clause, values = work.scope.within(Permission.LEADS_READ)
    rows = await work.session.execute(
        text(f"""
            SELECT l.source AS key, count(*) AS leads FROM lead l
            WHERE l.organization_id = :o AND l.source <> ''{clause}
            GROUP BY l.source ORDER BY 2 DESC, 1 LIMIT 100
        """),
        {"o": work.organization_id, **values},
    )
    return [dict(row) for row in rows.mappings()]


async def stages(work: Work) -> list[dict[str, Any]]:
    work.scope.require(Permission.LEADS_READ)
    rows = await work.session.execute(
        text("SELECT key, name, kind FROM stage WHERE organization_id = :o ORDER BY position"),
        {"o": work.organization_id},
    )
    return [dict(row) for row in rows.mappings()]
