"""Keeps what is reassigned, and changes whose leads are, in their order.

Leads are locked in one statement; what follows sees whatever happened while it waited.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.reach import Team
from leadflow.kernel.work import Work
from leadflow.routing.models import Reassignment
from leadflow.routing.reassigning.rules import Given, Held, Move

_PLAN = text("""
    INSERT INTO reassigned_lead (organization_id, reassignment_id, lead_id, from_id, from_team_id, to_id)
    SELECT :organization_id, :id, m.lead_id, m.from_id, m.from_team_id, m.to_id
    FROM json_to_recordset(CAST(:moves AS json)) AS m (lead_id uuid, from_id uuid, from_team_id uuid, to_id uuid)
    ORDER BY m.lead_id
""")
_FORGET = text("""
    DELETE FROM reassignment r WHERE r.organization_id = :organization_id AND r.id IN (
        SELECT o.id FROM reassignment o WHERE o.organization_id = :organization_id AND o.made_at < :before
        ORDER BY o.made_at LIMIT 2)
""")
_GET = text("""
    SELECT r.id, r.made_at, r.undone_at, r.actor_kind, r.actor_id FROM reassignment r
    WHERE r.organization_id = :organization_id AND r.id = :id FOR UPDATE
""")
_LOCK = text("""
    SELECT l.id, l.owner_id, r.from_id, t.id AS from_team_id, r.to_id FROM reassigned_lead r
    JOIN lead l ON l.organization_id = r.organization_id AND l.id = r.lead_id
    LEFT JOIN team t ON t.organization_id = r.organization_id AND t.id = r.from_team_id
    WHERE r.organization_id = :organization_id AND r.reassignment_id = :id AND r.state = :state
    ORDER BY l.id LIMIT :limit FOR NO KEY UPDATE OF l
""")
_ACTIVE = text("""
    SELECT m.account_id, a.name FROM membership m JOIN account a ON a.id = m.account_id
    WHERE m.organization_id = :organization_id AND m.account_id = ANY(:people) AND m.state = 'active'
""")
_LATEST = text("""
    SELECT DISTINCT ON (e.lead_id) e.lead_id, e.data->>'reassignment_id' AS reassignment_id FROM event e
    WHERE e.organization_id = :organization_id AND e.lead_id = ANY(:leads) AND e.recorded_at > :since
      AND e.kind IN ('lead.assigned', 'lead.released')
    ORDER BY e.lead_id, e.seq DESC
""")
_GIVE = text("""
    UPDATE lead SET owner_id = m.to_id, team_id = CASE WHEN m.to_id IS NULL THEN m.team_id ELSE lead.team_id END
    FROM json_to_recordset(CAST(:moves AS json)) AS m (lead_id uuid, to_id uuid, team_id uuid)
    WHERE lead.organization_id = :organization_id AND lead.id = m.lead_id
""")
_NOTE = text("""
    UPDATE reassigned_lead SET state = :state
    WHERE organization_id = :organization_id AND reassignment_id = :id AND lead_id = ANY(:leads)
""")
_UNDO = text("""
    UPDATE reassignment SET undone_at = :now WHERE organization_id = :organization_id AND id = :id
""")
_ABANDON = text("""
    UPDATE reassigned_lead r SET state = 'skipped'
    WHERE r.organization_id = :organization_id AND r.reassignment_id = :id AND r.state = 'planned'
""")
_PLACES = text("""
    SELECT DISTINCT r.from_id, CASE WHEN r.from_id IS NULL THEN r.from_team_id ELSE m.team_id END AS team_id,
           r.from_team_id
    FROM reassigned_lead r
    LEFT JOIN membership m ON m.organization_id = r.organization_id AND m.account_id = r.from_id
    WHERE r.organization_id = :organization_id AND r.reassignment_id = :id AND r.state = 'moved'
""")
_KEEP = text("""
    UPDATE reassigned_lead r SET state = 'kept'
    FROM json_to_recordset(CAST(:places AS json)) AS p (from_id uuid, from_team_id uuid)
    WHERE r.organization_id = :organization_id AND r.reassignment_id = :id AND r.state = 'moved'
      AND r.from_id IS NOT DISTINCT FROM p.from_id AND r.from_team_id IS NOT DISTINCT FROM p.from_team_id
""")
_COUNTS = text("""
    SELECT r.state, count(*) AS leads FROM reassigned_lead r
    WHERE r.organization_id = :organization_id AND r.reassignment_id = :id GROUP BY r.state
""")


class Made(NamedTuple):
    """A reassignment, locked: whoever moves its leads, or takes it back, waits for the others who do."""

    id: UUID
    made_at: datetime
    undone_at: datetime | None
    actor_kind: str
    actor_id: UUID | None


class Place(NamedTuple):
    """Where leads go back to."""

    owner: UUID | None
    team: Team
    """The owner's today, or the lead's own where it had no owner."""
    team_then: Team


def _of(work: Work, reassignment: UUID) -> dict[str, object]:
    return {"organization_id": work.organization_id, "id": reassignment}


async def add(work: Work, reassignment: UUID, moves: Sequence[Move]) -> None:
    """Write down what shall move; nothing has moved yet."""
    actor = work.scope.actor
    work.session.add(
        Reassignment(
            organization_id=work.organization_id,
            id=reassignment,
            made_at=work.clock.now(),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )
    await work.session.flush()
    rows = [{"lead_id": lead.id, "from_id": lead.owner, "from_team_id": lead.team, "to_id": to} for lead, to in moves]
    await work.session.execute(_PLAN, {**_of(work, reassignment), "moves": orjson.dumps(rows).decode()})


async def forget(work: Work, before: datetime) -> None:
    """Let some of those go that nobody can take back any more."""
    await work.session.execute(_FORGET, {"organization_id": work.organization_id, "before": before})


async def get_to_change(work: Work, reassignment: UUID) -> Made | None:
    row = (await work.session.execute(_GET, _of(work, reassignment))).one_or_none()
    return Made(*row) if row else None


async def lock(work: Work, made: Made, state: str, limit: int) -> list[Held]:
    """The next leads that have come so far, locked in their order."""
    rows = await work.session.execute(_LOCK, {**_of(work, made.id), "state": state, "limit": limit})
    return [Held(*row) for row in rows]


async def active(work: Work, people: Iterable[UUID | None]) -> dict[UUID, str]:
    """Those of the people who are members and not suspended, and their names."""
    ids = [person for person in people if person is not None]
    rows = await work.session.execute(_ACTIVE, {"organization_id": work.organization_id, "people": ids})
    return {row.account_id: row.name for row in rows}


async def last_by(work: Work, leads: Sequence[UUID], since: datetime) -> dict[UUID, str | None]:
    """Which reassignment was the last to assign or release each lead; None: something else was."""
    values = {"organization_id": work.organization_id, "leads": list(leads), "since": since}
    return {row.lead_id: row.reassignment_id for row in await work.session.execute(_LATEST, values)}


async def give(work: Work, made: Made, given: Sequence[Given], *, state: str) -> None:
    """Change whose these leads are, and note how far they have come."""
    rows = [{"lead_id": each.lead, "to_id": each.to, "team_id": each.team} for each in given]
    moves = {"organization_id": work.organization_id, "moves": orjson.dumps(rows).decode()}
    await work.session.execute(_GIVE, moves)
    await note(work, made, [each.lead for each in given], state)


async def note(work: Work, made: Made, leads: Sequence[UUID], state: str) -> None:
    await work.session.execute(_NOTE, {**_of(work, made.id), "leads": list(leads), "state": state})


async def undo(work: Work, made: Made) -> None:
    """Say that it is taken back: what has not moved yet stays, and what has will go back."""
    await work.session.execute(_UNDO, {**_of(work, made.id), "now": work.clock.now()})
    await work.session.execute(_ABANDON, _of(work, made.id))


async def places(work: Work, made: Made) -> list[Place]:
    return [Place(*row) for row in await work.session.execute(_PLACES, _of(work, made.id))]


async def keep(work: Work, made: Made, kept: Sequence[Place]) -> None:
    """Leads of these places do not go back."""
    rows = [{"from_id": place.owner, "from_team_id": place.team_then} for place in kept]
    await work.session.execute(_KEEP, {**_of(work, made.id), "places": orjson.dumps(rows).decode()})


async def counts(work: Work, reassignment: UUID) -> dict[str, int]:
    """How many of its leads are in each state."""
    rows = await work.session.execute(_COUNTS, _of(work, reassignment))
    return {row.state: row.leads for row in rows}
