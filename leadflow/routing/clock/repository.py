"""The clocks of leads, as they are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work

# Leads first, in the order of their ids, as everybody locks them.
_DUE = text("""
    SELECT l.id, l.source, l.country, l.company, l.domain, l.title, l.value, l.score, l.band, l.custom,
           l.owner_id, l.touched_at IS NULL AND s.kind = 'open' AS is_waiting,
           c.rule_id, c.step, c.due_at, c.next_at, a.name AS owner,
           ARRAY(SELECT p.chosen FROM assignment p WHERE p.organization_id = l.organization_id AND p.lead_id = l.id
                 AND p.chosen IS NOT NULL) AS had_it
    FROM lead_clock c
    JOIN lead l ON l.organization_id = c.organization_id AND l.id = c.lead_id
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    LEFT JOIN account a ON a.id = l.owner_id
    WHERE c.organization_id = :organization_id AND c.next_at <= :now
    ORDER BY l.id LIMIT :limit FOR NO KEY UPDATE OF l
""")
_NEXT = text("""
    SELECT min(next_at) FROM lead_clock WHERE organization_id = :organization_id AND next_at IS NOT NULL
""")
_SETTLE = text("""
    UPDATE lead_clock c SET next_at = s.next_at,
           breached_at = CASE WHEN s.is_breached THEN coalesce(c.breached_at, c.due_at) ELSE c.breached_at END
    FROM json_to_recordset(CAST(:rows AS json)) AS s (lead_id uuid, next_at timestamptz, is_breached boolean)
    WHERE c.organization_id = :organization_id AND c.lead_id = s.lead_id
""")
_ANSWERED = text("""
    SELECT l.id, l.owner_id, l.captured_at, l.touched_at, c.due_at
    FROM lead l LEFT JOIN lead_clock c ON c.organization_id = l.organization_id AND c.lead_id = l.id
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) AND l.touched_at IS NOT NULL
      AND (c.answered_at IS NULL OR c.answered_at > l.touched_at)
    ORDER BY l.id
""")
_STOP = text("""
    INSERT INTO lead_clock (organization_id, lead_id, answered_at, worked_s, breached_at)
    SELECT :organization_id, t.lead_id, t.answered_at, t.worked_s, t.breached_at
    FROM json_to_recordset(CAST(:rows AS json)) AS t (
        lead_id uuid, answered_at timestamptz, worked_s bigint, breached_at timestamptz)
    ORDER BY t.lead_id
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET
        answered_at = excluded.answered_at, worked_s = excluded.worked_s, next_at = NULL,
        breached_at = coalesce(lead_clock.breached_at, excluded.breached_at)
""")


async def due(work: Work, now: datetime, limit: int) -> list[dict[str, Any]]:
    """Leads with something to do, locked: their facts, whether anybody still waits, and who had them."""
    values = {"organization_id": work.organization_id, "now": now, "limit": limit}
    return [dict(row) for row in (await work.session.execute(_DUE, values)).mappings()]


async def next_moment(work: Work) -> datetime | None:
    """When there is something to do next."""
    found = await work.session.execute(_NEXT, {"organization_id": work.organization_id})
    moment: datetime | None = found.scalar_one_or_none()
    return moment


async def settle(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """What comes next for each lead, and whether its time ran out: `lead_id`, `next_at`, `is_breached`."""
    values = {"organization_id": work.organization_id, "rows": orjson.dumps(rows).decode()}
    await work.session.execute(_SETTLE, values)


async def newly_answered(work: Work, lead_ids: Sequence[UUID]) -> list[Any]:
    """Those that somebody has got in touch with, earlier than was noted."""
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    return list((await work.session.execute(_ANSWERED, values)).all())


async def stop(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note when, and after how much working time: `lead_id`, `answered_at`, `worked_s`, `breached_at`."""
    values = {"organization_id": work.organization_id, "rows": orjson.dumps(rows).decode()}
    await work.session.execute(_STOP, values)
