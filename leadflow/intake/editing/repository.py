"""Keeps what is edited, and changes many leads in one statement.

Leads are locked in the order of their ids, as everybody locks them; what follows sees whatever happened meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from pydantic import JsonValue
from sqlalchemy import text

from leadflow.intake.editing.rules import FIELDS, Held, Planned
from leadflow.intake.editing.tables import LeadEdit
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

_PLAN = text("""
    INSERT INTO edited_lead (organization_id, edit_id, lead_id, before)
    SELECT :organization_id, :id, p.lead_id, CASE WHEN p.before ? 'stage'
           THEN p.before || jsonb_build_object('stage_at', l.stage_at, 'closed_at', l.closed_at) ELSE p.before END
    FROM json_to_recordset(CAST(:rows AS json)) AS p (lead_id uuid, before jsonb)
    JOIN lead l ON l.organization_id = :organization_id AND l.id = p.lead_id
    ORDER BY p.lead_id
""")
_FORGET = text("""
    DELETE FROM lead_edit e WHERE e.organization_id = :organization_id AND e.id IN (
        SELECT o.id FROM lead_edit o WHERE o.organization_id = :organization_id AND o.made_at < :before
        ORDER BY o.made_at LIMIT 2)
""")
_GET = text("""
    SELECT e.id, e.made_at, e.undone_at, e.actor_kind, e.actor_id, e.change, e.job_id FROM lead_edit e
    WHERE e.organization_id = :organization_id AND e.id = :id
""")
_GET_TO_CHANGE = text(f"{_GET.text} FOR UPDATE")
_LOCK = text("""
    SELECT l.id, l.name, l.email, l.phone, l.stage, l.source, l.country, l.title, l.company, l.value, l.currency,
           l.stage_at, l.closed_at, l.touched_at, e.before
    FROM edited_lead e JOIN lead l ON l.organization_id = e.organization_id AND l.id = e.lead_id
    WHERE e.organization_id = :organization_id AND e.edit_id = :id AND e.state = :state
    ORDER BY l.id LIMIT :limit FOR NO KEY UPDATE OF l
""")
_WRITE = text("""
    UPDATE lead SET stage = c.stage, source = c.source, country = c.country, title = c.title, company = c.company,
           value = c.value, currency = c.currency, stage_at = c.stage_at, closed_at = c.closed_at,
           touched_at = c.touched_at
    FROM json_to_recordset(CAST(:rows AS json)) AS c (
        id uuid, stage text, source text, country text, title text, company text, value bigint, currency text,
        stage_at timestamptz, closed_at timestamptz, touched_at timestamptz)
    WHERE lead.organization_id = :organization_id AND lead.id = c.id
""")
_NOTE = text("""
    UPDATE edited_lead SET state = :state
    WHERE organization_id = :organization_id AND edit_id = :id AND lead_id = ANY(:leads)
""")
_UNDO = text("UPDATE lead_edit SET undone_at = :now WHERE organization_id = :organization_id AND id = :id")
_GIVE_TO = text("UPDATE lead_edit SET job_id = :job WHERE organization_id = :organization_id AND id = :id")
_ABANDON = text("""
    UPDATE edited_lead SET state = 'skipped'
    WHERE organization_id = :organization_id AND edit_id = :id AND state = 'planned'
""")
_KEEP_OUT_OF_REACH = """
    UPDATE edited_lead e SET state = 'kept'
    WHERE e.organization_id = :organization_id AND e.edit_id = :id AND e.state = 'changed' AND NOT EXISTS (
        SELECT 1 FROM lead l WHERE l.organization_id = :organization_id AND l.id = e.lead_id{within})
"""
_COUNTS = text("""
    SELECT e.state, count(*) AS leads FROM edited_lead e
    WHERE e.organization_id = :organization_id AND e.edit_id = :id GROUP BY e.state
""")
_STOPPED = text("""
    SELECT 1 FROM job j WHERE j.organization_id = :organization_id AND j.id = :job
    AND j.state IN ('failed', 'quarantined')
""")


class Made(NamedTuple):
    """An edit of many leads, as it was asked for."""

    id: UUID
    made_at: datetime
    undone_at: datetime | None
    actor_kind: str
    actor_id: UUID | None
    change: dict[str, JsonValue]
    """What `Change` was told."""
    job_id: UUID | None
    """What does the rest, where there is some."""


def _of(work: Work, edit: UUID) -> dict[str, object]:
    return {"organization_id": work.organization_id, "id": edit}


def _json(rows: Sequence[Mapping[str, object]]) -> str:
    return orjson.dumps(rows).decode()


async def add(work: Work, edit: UUID, change: dict[str, JsonValue], edits: Sequence[Planned]) -> None:
    """Write down what shall change; nothing has changed yet."""
    actor = work.scope.actor
    work.session.add(
        LeadEdit(
            organization_id=work.organization_id,
            id=edit,
            made_at=work.clock.now(),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            change=change,
        )
    )
    await work.session.flush()
    rows = [{"lead_id": each.lead, "before": each.before} for each in edits]
    await work.session.execute(_PLAN, {**_of(work, edit), "rows": _json(rows)})


async def forget(work: Work, before: datetime) -> None:
    """Let some of those go that nobody can take back any more."""
    await work.session.execute(_FORGET, {"organization_id": work.organization_id, "before": before})


async def get(work: Work, edit: UUID) -> Made | None:
    row = (await work.session.execute(_GET, _of(work, edit))).one_or_none()
    return Made(*row) if row else None


async def get_to_change(work: Work, edit: UUID) -> Made | None:
    """The edit, locked: whoever changes its leads, or takes it back, waits for the others who do."""
    row = (await work.session.execute(_GET_TO_CHANGE, _of(work, edit))).one_or_none()
    return Made(*row) if row else None


async def lock(work: Work, made: Made, state: str, limit: int) -> list[Held]:
    """The next leads that have come so far, locked in their order."""
    rows = await work.session.execute(_LOCK, {**_of(work, made.id), "state": state, "limit": limit})
    return [
        Held(
            row.id, row.name, row.email, row.phone, {name: getattr(row, name) for name in FIELDS}, row.stage_at,
            row.closed_at, row.touched_at, row.before,
        )
        for row in rows
    ]  # fmt: skip


async def write(work: Work, made: Made, leads: Sequence[Held], *, state: str) -> None:
    """Change what these leads say, and note how far they have come."""
    rows = [
        {
            "id": each.id,
            **each.values,
            "stage_at": each.stage_at,
            "closed_at": each.closed_at,
            "touched_at": each.touched_at,
        }
        for each in leads
    ]
    await work.session.execute(_WRITE, {"organization_id": work.organization_id, "rows": _json(rows)})
    await note(work, made, [each.id for each in leads], state)


async def note(work: Work, made: Made, leads: Sequence[UUID], state: str) -> None:
    await work.session.execute(_NOTE, {**_of(work, made.id), "leads": list(leads), "state": state})


async def give_to(work: Work, edit: UUID, job: UUID) -> None:
    """Say which job does the rest."""
    await work.session.execute(_GIVE_TO, {**_of(work, edit), "job": job})


async def undo(work: Work, made: Made) -> None:
    """Say that it is taken back: what has not changed yet stays; what has will go back, within the actor's reach."""
    await work.session.execute(_UNDO, {**_of(work, made.id), "now": work.clock.now()})
    await work.session.execute(_ABANDON, _of(work, made.id))
    within, values = work.scope.within(Permission.LEADS_WRITE)
    if within:
        statement = text(_KEEP_OUT_OF_REACH.format(within=within))
        await work.session.execute(statement, {**_of(work, made.id), **values})


async def counts(work: Work, edit: UUID) -> dict[str, int]:
    """How many of its leads are in each state."""
    rows = await work.session.execute(_COUNTS, _of(work, edit))
    return {row.state: row.leads for row in rows}


async def has_stopped(work: Work, made: Made) -> bool:
    """Whether the job that does the rest has given up."""
    values = {"organization_id": work.organization_id, "job": made.job_id}
    return made.job_id is not None and (await work.session.execute(_STOPPED, values)).first() is not None
