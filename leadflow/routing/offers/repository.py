"""Keeps what is offered, and hands a lead to whoever claims it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.routing.dealing import Decision, LeadOffer

_KEEP = text("""
    INSERT INTO lead_offer (organization_id, lead_id, rule_id, offered_at, until, is_over)
    SELECT :organization_id, o.lead_id, o.rule_id, o.offered_at, o.until, false
    FROM json_to_recordset(CAST(:offers AS json)) AS o (
        lead_id uuid, rule_id uuid, offered_at timestamptz, until timestamptz)
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET
        rule_id = excluded.rule_id, offered_at = excluded.offered_at, until = excluded.until, is_over = false
""")
_END = text("""
    UPDATE lead_offer SET is_over = true
    WHERE organization_id = :organization_id AND lead_id = ANY(:ids) AND NOT is_over
""")
_NEXT = text("""
    SELECT min(o.until) FROM lead_offer o
    WHERE o.organization_id = :organization_id AND NOT o.is_over AND o.until > :now
""")
_LOCK = text("""
    SELECT l.owner_id FROM lead l WHERE l.organization_id = :organization_id AND l.id = :lead_id FOR NO KEY UPDATE
""")
_STATE = text("""
    SELECT l.owner_id, a.name AS owner, s.kind = 'open' AS is_open, o.rule_id, o.is_over
    FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    LEFT JOIN account a ON a.id = l.owner_id
    LEFT JOIN lead_offer o ON o.organization_id = l.organization_id AND o.lead_id = l.id
    WHERE l.organization_id = :organization_id AND l.id = :lead_id
""")


class State(NamedTuple):
    """A lead as whoever claims it finds it."""

    owner: UUID | None
    owner_name: str
    is_open: bool
    rule: UUID | None
    """What offers it, or was the last to do so."""
    is_over: bool


def offer_of(row: Mapping[str, Any]) -> LeadOffer | None:
    """How a lead is offered already."""
    return LeadOffer(row["offered_by"], row["offered_at"], row["offered_until"]) if row["offered_by"] else None


async def keep(work: Work, decisions: Sequence[Decision]) -> None:
    """What is offered from now on, and what no longer is."""
    made = [_row(each.lead, each.offer) for each in decisions if each.offer]
    if made:
        await work.session.execute(
            _KEEP, {"organization_id": work.organization_id, "offers": orjson.dumps(made).decode()}
        )
    if ended := [each.lead for each in decisions if each.ends_offer]:
        await work.session.execute(_END, {"organization_id": work.organization_id, "ids": ended})


def _row(lead: UUID, offer: LeadOffer) -> dict[str, Any]:
    return {"lead_id": lead, "rule_id": offer.rule, "offered_at": offer.since, "until": offer.until}


async def next_end(work: Work) -> datetime | None:
    """When the next offer runs out."""
    found: datetime | None = await work.session.scalar(
        _NEXT, {"organization_id": work.organization_id, "now": work.clock.now()}
    )
    return found


async def to_claim(work: Work, lead_id: UUID) -> State | None:
    """The lead, locked: of those who claim it at once, each sees what the one before has done."""
    values = {"organization_id": work.organization_id, "lead_id": lead_id}
    if (await work.session.execute(_LOCK, values)).first() is None:
        return None
    row = (await work.session.execute(_STATE, values)).one()
    return State(row.owner_id, row.owner or "", row.is_open, row.rule_id, bool(row.is_over))
