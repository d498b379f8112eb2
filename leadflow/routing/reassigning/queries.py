"""What is selected, and what people have."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.reassigning.rules import Picked
from leadflow.views.queries import where
from leadflow.views.rules import LeadFilter

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


async def named(work: Work, ids: Sequence[UUID]) -> list[Picked]:
    """Those of these leads that are in sight, by id."""
    reach, values = work.scope.within(Permission.LEADS_READ)
    clause = f"l.organization_id = :organization_id AND l.id = ANY(:ids){reach}"
    return await _picked(
        work, clause, {"organization_id": work.organization_id, "ids": list(ids), "most": len(ids), **values}
    )


async def matching(work: Work, lead_filter: LeadFilter, most: int) -> list[Picked]:
    """The leads in sight that match, by id, `most` of them at most."""
    clause, values = await where(work, lead_filter)
    return await _picked(work, clause, {**values, "most": most})


async def _picked(work: Work, clause: str, values: Mapping[str, object]) -> list[Picked]:
    rows = await work.session.execute(text(_PICKED.format(clause=clause)), dict(values))
    return [Picked(*row) for row in rows]


async def open_leads(work: Work, people: Sequence[UUID]) -> dict[UUID, int]:
    """How many open leads each of these people has."""
    rows = await work.session.execute(_OPEN, {"organization_id": work.organization_id, "people": list(people)})
    return {row.owner_id: row.leads for row in rows}
