"""Loads and saves turns and owners."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work

_REPS = text("""
    SELECT m.account_id, a.name, t.turns FROM membership m
    JOIN account a ON a.id = m.account_id
    LEFT JOIN assignment_turn t ON t.organization_id = m.organization_id AND t.account_id = m.account_id
    WHERE m.organization_id = :organization_id AND m.role = 'rep' AND m.state = 'active' ORDER BY m.account_id
""")
_UNOWNED = text("""
    SELECT id FROM lead WHERE organization_id = :organization_id AND id = ANY(:ids) AND owner_id IS NULL
    ORDER BY id FOR UPDATE
""")
_ASSIGN = text("""
    UPDATE lead SET owner_id = d.owner_id
    FROM unnest(CAST(:leads AS uuid[]), CAST(:owners AS uuid[])) AS d (id, owner_id)
    WHERE lead.organization_id = :organization_id AND lead.id = d.id
""")
_COUNT = text("""
    INSERT INTO assignment_turn (organization_id, account_id, turns)
    SELECT :organization_id, t.account_id, t.turns FROM unnest(CAST(:people AS uuid[]), CAST(:turns AS bigint[]))
        AS t (account_id, turns)
    ON CONFLICT (organization_id, account_id) DO UPDATE SET turns = excluded.turns
""")


async def reps(work: Work) -> tuple[dict[UUID, str], dict[UUID, int]]:
    """Everybody who takes leads, by name, and the turns of those who have had any."""
    rows = (await work.session.execute(_REPS, {"organization_id": work.organization_id})).all()
    return {row.account_id: row.name for row in rows}, {
        row.account_id: row.turns for row in rows if row.turns is not None
    }


async def unowned(work: Work, lead_ids: Sequence[UUID]) -> list[UUID]:
    rows = await work.session.execute(_UNOWNED, {"organization_id": work.organization_id, "ids": list(lead_ids)})
    return list(rows.scalars())


async def assign(work: Work, dealt: Mapping[UUID, UUID], turns: Mapping[UUID, int]) -> None:
    organization = {"organization_id": work.organization_id}
    await work.session.execute(_ASSIGN, {**organization, "leads": list(dealt), "owners": list(dealt.values())})
    await work.session.execute(_COUNT, {**organization, "people": list(turns), "turns": list(turns.values())})
