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
_IN_ORDER = text("""
    SELECT id FROM lead WHERE organization_id = :organization_id AND id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE
""")
_SAVE = text("""
    UPDATE lead SET facts = lead.facts || CAST(f.facts AS jsonb),
           country = coalesce(nullif(lead.country, ''), f.country)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:facts AS text[]), CAST(:countries AS text[])) AS f (id, facts, country)
    WHERE lead.organization_id = :organization_id AND lead.id = f.id
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
    rows = await work.session.execute(_IN_ORDER, {"organization_id": work.organization_id, "ids": list(found)})
    ids = list(rows.scalars())
    await work.session.execute(
        _SAVE,
        {
            "organization_id": work.organization_id,
            "ids": ids,
            "facts": [
                orjson.dumps({str(key): fact.to_json() for key, fact in found[lead_id].items()}).decode()
                for lead_id in ids
            ],
            "countries": [countries.get(lead_id, "") for lead_id in ids],
        },
    )
    return ids
