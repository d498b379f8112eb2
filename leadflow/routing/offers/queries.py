"""What is offered to somebody."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.fields import visible
from leadflow.routing.eligibility import Person

MOST_SHOWN = 100

_PERSON = text("""
    SELECT m.account_id, a.name, m.role, m.team_id FROM membership m JOIN account a ON a.id = m.account_id
    WHERE m.organization_id = :organization_id AND m.account_id = :account_id AND m.state = 'active'
""")
_OFFERS = """
    SELECT l.id::text AS id, CASE WHEN true{clause} THEN l.name END AS name,
           coalesce(true{clause}, false) AS is_in_reach, l.company, l.source, l.score, l.band, o.rule_id::text AS rule,
           (extract(epoch FROM o.offered_at) * 1000)::bigint AS offered_at,
           (extract(epoch FROM o.until) * 1000)::bigint AS until, count(*) OVER () AS total
    FROM lead_offer o
    JOIN lead l ON l.organization_id = o.organization_id AND l.id = o.lead_id
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE o.organization_id = :organization_id AND NOT o.is_over AND o.rule_id = ANY(:rules)
      AND l.owner_id IS NULL AND s.kind = 'open'
    ORDER BY l.score DESC, o.offered_at, l.id LIMIT :limit
"""


async def person(work: Work, account_id: UUID) -> Person | None:
    """A member who is not suspended, as a pool sees them."""
    found = await work.session.execute(_PERSON, {"organization_id": work.organization_id, "account_id": account_id})
    row = found.one_or_none()
    return Person(row.account_id, row.name, row.role, row.team_id) if row else None


async def offered_by(work: Work, rules: Sequence[UUID]) -> tuple[list[dict[str, Any]], int]:
    """The best of the leads that these rules offer, and how many there are. Out of reach they have no name."""
    clause, values = work.scope.within(Permission.LEADS_READ)
    rows = await work.session.execute(
        text(_OFFERS.format(clause=clause)),
        {"organization_id": work.organization_id, "rules": list(rules), "limit": MOST_SHOWN, **values},
    )
    found = [visible(dict(row), work.scope.fields) for row in rows.mappings()]
    total = found[0]["total"] if found else 0
    return [{name: value for name, value in row.items() if name != "total"} for row in found], total
