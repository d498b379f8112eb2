"""A lead's score for its page: why it is what it is, and how it got there."""

import math
from collections.abc import Mapping, Sequence
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
    """All of them, with those about hidden fields as one."""
    told = [each for each in contributions if _is_told(each, fields)]
    if withheld := [each["points"] for each in contributions if not _is_told(each, fields)]:
        told.append({"label": WITHHELD, "points": math.fsum(withheld), "kind": Kind.LEARNED.value})
    return told


def _is_told(contribution: Mapping[str, Any], fields: FieldRights) -> bool:
    """Where an older explanation does not say what field it is about, it is told if it is about what a lead did."""
    if not fields.hidden or contribution["kind"] == Kind.ENGAGEMENT:
        return True
    return "field" in contribution and contribution["field"] not in fields.hidden


async def history(work: Work, lead_id: UUID, limit: int = 200) -> list[dict[str, int]]:
    """The score after each change of it, oldest first; times in epoch milliseconds."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    rows = await work.session.execute(
        text(_HISTORY.format(in_sight=clause)),
        {"organization_id": work.organization_id, "lead_id": lead_id, "limit": limit, **values},
    )
    return [dict(row) for row in rows.mappings()]
