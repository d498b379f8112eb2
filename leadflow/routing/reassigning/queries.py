"""What is selected, and what people have."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.routing.reassigning.rules import Picked
from leadflow.views.selecting.commands import Selection
from leadflow.views.selecting.queries import selected

_PICKED = """
    SELECT l.id, l.owner_id, l.team_id, s.kind = 'open' AS is_open FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE {clause} ORDER BY l.id LIMIT :most
"""
_OPEN = text("""
    SELECT l.owner_id, count(*) AS leads FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.owner_id = ANY(:people) AND s.kind = 'open' GROUP BY l.owner_id
""")


async def picked(work: Work, selection: Selection, most: int) -> list[Picked]:
    """The selected leads that are in sight, by id, `most` of them at most."""
    clause, values = await selected(work, selection)
    rows = await work.session.execute(text(_PICKED.format(clause=clause)), {**values, "most": most})
    return [Picked(*row) for row in rows]


async def open_leads(work: Work, people: Sequence[UUID]) -> dict[UUID, int]:
    """How many open leads each of these people has."""
    rows = await work.session.execute(_OPEN, {"organization_id": work.organization_id, "people": list(people)})
    return {row.owner_id: row.leads for row in rows}
