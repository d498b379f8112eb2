"""Loads what is to be looked up, and saves what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.enrichment.facts import Fact
from leadflow.kernel.work import Work

_LOAD = text("""
    SELECT l.id, l.email, l.phone, l.country, l.facts FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) ORDER BY l.id
""")
# Locked in one order first, so that two look-ups of the same leads wait for each other and do not embrace.
_SAVE = text("""
    WITH found AS (
        SELECT * FROM json_to_recordset(CAST(:found AS json)) AS f (id uuid, facts jsonb, country text)
    ), there AS MATERIALIZED (
        SELECT l.id FROM lead l
        WHERE l.organization_id = :organization_id AND l.id = ANY (SELECT id FROM found)
        ORDER BY l.id FOR NO KEY UPDATE
    )
    UPDATE lead SET facts = lead.facts || found.facts, country = coalesce(nullif(lead.country, ''), found.country)
    FROM there JOIN found USING (id)
    WHERE lead.organization_id = :organization_id AND lead.id = there.id
    RETURNING lead.id
""")


@dataclass(frozen=True, slots=True)
class Contact:
    """How a lead can be reached, and what is known of that."""

    lead_id: UUID
    email: str
    phone: str
    country: str
    facts: Mapping[str, Fact]


async def contacts(work: Work, lead_ids: Sequence[UUID]) -> list[Contact]:
    rows = await work.session.execute(_LOAD, {"organization_id": work.organization_id, "ids": list(lead_ids)})
    return [
        Contact(
            row.id,
            row.email,
            row.phone,
            row.country,
            {key: Fact.from_json(key, stored) for key, stored in row.facts.items()},
        )
        for row in rows
    ]


async def save(work: Work, found: Mapping[UUID, Mapping[str, Fact]], countries: Mapping[UUID, str]) -> list[UUID]:
    """Add what was found to what is known: another look-up may have stored its part meanwhile.

    Returns the leads that are still there.
    """
    rows = [
        {
            "id": lead_id,
            "facts": {str(key): fact.to_json() for key, fact in facts.items()},
            "country": countries.get(lead_id, ""),
        }
        for lead_id, facts in found.items()
    ]
    saved = await work.session.execute(
        _SAVE, {"organization_id": work.organization_id, "found": orjson.dumps(rows).decode()}
    )
    return list(saved.scalars())
