"""A lead's score for its page: why it is what it is, and how it got there."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.queries import in_sight

_SCORE = """
    SELECT explanation, band FROM lead_score WHERE organization_id = :organization_id AND lead_id = :lead_id
"""
_HISTORY = """
    SELECT (extract(epoch FROM occurred_at) * 1000)::bigint AS at, (data ->> 'score')::int AS score FROM (
        SELECT occurred_at, seq, data FROM event
        WHERE organization_id = :organization_id AND lead_id = :lead_id AND kind = 'lead.scored' {in_sight}
        ORDER BY occurred_at DESC, seq DESC LIMIT :limit
    ) latest ORDER BY occurred_at, seq
"""


async def score_of(work: Work, lead_id: UUID) -> dict[str, Any]:
    """Score, base, contributions (they add up exactly) and what the learned part rests on; empty before scoring."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    found = await work.session.execute(
        text(f"{_SCORE}{clause}"), {"organization_id": work.organization_id, "lead_id": lead_id, **values}
    )
    row = found.one_or_none()
    return {**row.explanation, "band": row.band} if row else {}


async def history(work: Work, lead_id: UUID, limit: int = 200) -> list[dict[str, int]]:
    """The score after each change of it, oldest first; times in epoch milliseconds."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    rows = await work.session.execute(
        text(_HISTORY.format(in_sight=clause)),
        {"organization_id": work.organization_id, "lead_id": lead_id, "limit": limit, **values},
    )
    return [dict(row) for row in rows.mappings()]
