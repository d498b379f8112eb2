"""What people have."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work

_OPEN = text("""
    SELECT l.owner_id, count(*) AS leads FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.owner_id = ANY(:people) AND s.kind = 'open' GROUP BY l.owner_id
""")


async def open_leads(work: Work, people: Sequence[UUID]) -> dict[UUID, int]:
    """How many open leads each of these people has."""
    rows = await work.session.execute(_OPEN, {"organization_id": work.organization_id, "people": list(people)})
    return {row.owner_id: row.leads for row in rows}
