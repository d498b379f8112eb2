"""A lead's score for its page: why it is what it is, and how it got there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.queries import in_sight
from leadflow.scoring.explanation import Kind

WITHHELD = "Fields that your role does not see"

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
    """Score, base, contributions (they add up exactly) and what the learned part rests on; empty before scoring.

    What tells of hidden fields comes as one contribution without their words.
    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    found = await work.session.execute(
        text(f"{_SCORE}{clause}"), {"organization_id": work.organization_id, "lead_id": lead_id, **values}
    )
    row = found.one_or_none()
    if row is None:
        return {}
    told = {name: value for name, value in row.explanation.items() if name != "headlines"}
    return {**told, "contributions": _told(told["contributions"], work.scope.fields), "band": row.band}


def _told(contributions: Sequence[dict[str, Any]], fields: FieldRights) -> list[dict[str, Any]]:
    """Of explanations that do not say what they are about, only what a lead did is told."""
    unknown = Kind.ENGAGEMENT if fields.hidden else None
    told, withheld = [], 0.0
    for each in contributions:
        field = each.pop("field", None)
        if field in fields.hidden or (field is None and unknown and each["kind"] != unknown):
            withheld += each["points"]
        else:
            told.append(each)
    if len(told) < len(contributions):
        told.append({"label": WITHHELD, "points": withheld, "kind": Kind.LEARNED.value})
    return told


async def history(work: Work, lead_id: UUID, limit: int = 200) -> list[dict[str, int]]:
    """The score after each change of it, oldest first; times in epoch milliseconds."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    rows = await work.session.execute(
        text(_HISTORY.format(in_sight=clause)),
        {"organization_id": work.organization_id, "lead_id": lead_id, "limit": limit, **values},
    )
    return [dict(row) for row in rows.mappings()]
