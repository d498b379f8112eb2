"""Loads what is to be looked up, and saves what was found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.enrichment.facts import Fact
from leadflow.kernel.work import Asked, Work
from leadflow.leads import repository as leads

_LOAD = text("""
    SELECT l.id, l.email, l.phone, l.country, l.facts, l.captured_at FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) ORDER BY l.id
""")
_SAVE = text("""
    UPDATE lead SET facts = lead.facts || f.facts, country = coalesce(nullif(lead.country, ''), f.country)
    FROM json_to_recordset(CAST(:found AS json)) AS f (id uuid, facts jsonb, country text)
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
    captured_at: datetime


async def contacts(work: Work, lead_ids: Sequence[UUID]) -> list[Contact]:
    return _contacts(await work.session.execute(*_loading(work, lead_ids)))


async def hold(work: Work, lead_ids: Sequence[UUID]) -> list[Contact]:
    """What is known by now, which nobody else changes until this commits; of those leads that are still there."""
    _, found = await work.session.execute_all(leads.locking(work, lead_ids), _loading(work, lead_ids))
    return _contacts(found)


async def save(work: Work, found: Mapping[UUID, Mapping[str, Fact]], countries: Mapping[UUID, str]) -> None:
    """Add what was found to what is known of leads that are held."""
    rows = [
        {
            "id": lead_id,
            "facts": {str(key): fact.to_json() for key, fact in facts.items()},
            "country": countries.get(lead_id, ""),
        }
        for lead_id, facts in found.items()
    ]
    values = {"organization_id": work.organization_id, "found": orjson.dumps(rows).decode()}
    await work.session.execute(_SAVE, values)


def _loading(work: Work, lead_ids: Sequence[UUID]) -> Asked:
    return _LOAD, {"organization_id": work.organization_id, "ids": list(lead_ids)}


def _contacts(rows: Iterable[Any]) -> list[Contact]:
    return [
        Contact(
            row.id,
            row.email,
            row.phone,
            row.country,
            {key: Fact.from_json(key, stored) for key, stored in row.facts.items()},
            row.captured_at,
        )
        for row in rows
    ]
