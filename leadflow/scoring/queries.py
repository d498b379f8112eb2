"""A lead's score for its page: why it is what it is, and how it got there."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from leadflow.kernel.clock import milliseconds
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Question, Work
from leadflow.leads.queries import in_sight
from leadflow.scoring.bands import Standing
from leadflow.scoring.config import Band
from leadflow.scoring.explanation import Kind
from leadflow.scoring.latest import Step

WITHHELD = "Fields that your role does not see"

_SCORE = """
    SELECT s.explanation, l.band, s.band AS automatic_band, s.band_since, s.band_changes,
           o.until, o.reason, a.name AS held_by
    FROM lead l
    LEFT JOIN lead_score s ON s.organization_id = l.organization_id AND s.lead_id = l.id
    LEFT JOIN score_override o ON o.organization_id = l.organization_id AND o.lead_id = l.id
    LEFT JOIN account a ON a.id = o.by_id
    WHERE l.organization_id = :organization_id AND l.id = :lead_id
      AND (s.lead_id IS NOT NULL OR o.lead_id IS NOT NULL)
"""
_CHANGES = """
    SELECT count(*) AS updates,
           count(*) FILTER (WHERE data ->> 'was' <> '' AND data ->> 'was' <> data ->> 'band') AS changes
    FROM event
    WHERE organization_id = :organization_id AND kind = 'lead.scored' AND recorded_at > :since
"""
_HISTORY = """
    SELECT (extract(epoch FROM occurred_at) * 1000)::bigint AS at, (data ->> 'score')::int AS score,
           (data ->> 'from')::int AS before, data ->> 'because' AS because, data ->> 'was' = '' AS is_first
    FROM (
        SELECT occurred_at, seq, data FROM event
        WHERE organization_id = :organization_id AND lead_id = :lead_id AND kind = 'lead.scored' {in_sight}
        ORDER BY occurred_at DESC, seq DESC LIMIT :limit
    ) latest ORDER BY occurred_at, seq
"""


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How many scores were told of in a period, and with how many of them the band by the score changed."""

    updates: int
    changes: int

    @property
    def per_thousand(self) -> float | None:
        """Changes of band per 1,000 changes of score; None where there were none."""
        return 1000.0 * self.changes / self.updates if self.updates else None


async def score_of(work: Work, lead_id: UUID) -> dict[str, Any]:
    """Score, base, contributions (they add up exactly), what the learned part rests on, and the band: the one shown,
    the one by the score, since when and how steady it is, and who holds it. Empty before scoring.

    What tells of hidden fields comes as one contribution without their words.
    """
    return await asking_score(work, lead_id).answer(work)


def asking_score(work: Work, lead_id: UUID) -> Question[dict[str, Any]]:
    """As `score_of` says it."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = work.scope.within(Permission.LEADS_READ)
    return Question(
        (text(f"{_SCORE}{clause}"), {"organization_id": work.organization_id, "lead_id": lead_id, **values}),
        lambda found: _score(found.one_or_none(), work),
    )


def _score(row: Any, work: Work) -> dict[str, Any]:  # noqa: ANN401 - a row of a textual statement, or None
    if row is None:
        return {}
    if row.explanation is None:
        return _band(row, work.clock.now())
    told = {name: value for name, value in row.explanation.items() if name != "headlines"}
    contributions = _told(told["contributions"], work.scope.fields)
    return {**told, "contributions": contributions, **_band(row, work.clock.now())}


def _band(row: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - a row of a textual statement
    held = {"until": milliseconds(row.until), "by": row.held_by or "", "reason": row.reason} if row.until else None
    return {
        "band": row.band,
        "automatic_band": row.automatic_band or Band.COLD.value,
        "band_since": milliseconds(row.band_since) if row.band_since else None,
        "flaps": Standing(row.band_since, tuple(row.band_changes or ())).flaps(now),
        "held": held,
    }


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


async def history(work: Work, lead_id: UUID, limit: int = 200) -> list[Step]:
    """Each change of the score or the band, oldest first."""
    return await asking_history(work, lead_id, limit).answer(work)


def asking_history(work: Work, lead_id: UUID, limit: int = 200) -> Question[list[Step]]:
    """As `history` says it."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "lead_id")
    statement = text(_HISTORY.format(in_sight=clause))
    return Question(
        (statement, {"organization_id": work.organization_id, "lead_id": lead_id, "limit": limit, **values}),
        _steps,
    )


def _steps(rows: Iterable[Any]) -> list[Step]:
    return [Step(*row) for row in rows]


async def steadiness(work: Work, days: int = 30) -> Steadiness:
    """How steady the bands of the leads in sight were in the last days."""
    work.scope.require(Permission.INSIGHT_READ)
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "event.lead_id")
    since = work.clock.now() - timedelta(days=days)
    found = await work.session.execute(
        text(f"{_CHANGES}{clause}"), {"organization_id": work.organization_id, "since": since, **values}
    )
    return Steadiness(*found.one())
