"""Keeps what people hold, and lets it go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.scoring.config import Band
from leadflow.scoring.tables import ScoreOverride

_DUE = text("""
    SELECT o.lead_id FROM score_override o
    WHERE o.organization_id = :organization_id AND o.until <= :now ORDER BY o.until, o.lead_id LIMIT :limit
""")
_CLOSED = text("""
    SELECT o.lead_id FROM score_override o
    JOIN lead l ON l.organization_id = o.organization_id AND l.id = o.lead_id
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE o.organization_id = :organization_id AND o.lead_id = ANY(:ids) AND s.kind <> 'open'
""")
_RELEASE = text("""
    WITH ended AS (
        DELETE FROM score_override o
        WHERE o.organization_id = :organization_id AND o.lead_id = ANY(:ids)
          AND o.until <= coalesce(CAST(:due AS timestamptz), 'infinity')
        RETURNING o.lead_id, o.band
    ), shown AS (
        UPDATE lead SET band = coalesce(s.band, 'cold'), held_until = NULL
        FROM ended LEFT JOIN lead_score s ON s.organization_id = :organization_id AND s.lead_id = ended.lead_id
        WHERE lead.organization_id = :organization_id AND lead.id = ended.lead_id
        RETURNING lead.id, ended.band AS was, lead.band, lead.score
    )
    SELECT id, was, band, score FROM shown ORDER BY id
""")
_NEXT = text("SELECT min(until) FROM score_override WHERE organization_id = :organization_id")


class Released(NamedTuple):
    """A lead that nobody holds any more: the band it was held in, and the one it is in by its score."""

    lead_id: UUID
    was: Band
    band: Band
    score: int


async def held(work: Work, lead_id: UUID) -> ScoreOverride | None:
    return await work.session.get(ScoreOverride, (work.organization_id, lead_id))


async def hold(work: Work, override: ScoreOverride) -> None:
    """Store it, instead of the one there was."""
    await work.session.merge(override)
    await work.session.flush()


async def due(work: Work, now: datetime, limit: int) -> list[UUID]:
    """Those whose time is up, the earliest first."""
    values = {"organization_id": work.organization_id, "now": now, "limit": limit}
    return list((await work.session.execute(_DUE, values)).scalars())


async def closed(work: Work, lead_ids: Collection[UUID]) -> list[UUID]:
    """Those among these leads that are held, and are won or lost."""
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    return list((await work.session.execute(_CLOSED, values)).scalars())


async def release(work: Work, lead_ids: Sequence[UUID], due: datetime | None = None) -> list[Released]:
    """Give leads their automatic bands back; with `due`, those only whose time is up by then.

    They are locked first, so that each is let go once.
    """
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    await leads.lock(work, lead_ids)
    rows = await work.session.execute(_RELEASE, {**values, "due": due})
    return [Released(lead_id, Band(was), Band(band), score) for lead_id, was, band, score in rows]


async def next_end(work: Work) -> datetime | None:
    """When the first of those that are held is let go."""
    moment: datetime | None = await work.session.scalar(_NEXT, {"organization_id": work.organization_id})
    return moment
