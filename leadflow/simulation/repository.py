"""What a simulation reads and remembers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work

_ONCE = text("""
    INSERT INTO idempotency_key (organization_id, key, request_hash, status)
    SELECT :organization_id, 'step:' || ref, '', 0 FROM unnest(CAST(:refs AS text[])) AS ref
    ON CONFLICT DO NOTHING RETURNING substr(key, 6)
""")
_LEADS = text("""
    SELECT i.value, l.id, l.stage, l.owner_id, s.kind FROM lead_identity i
    JOIN lead l ON l.organization_id = i.organization_id AND l.id = i.lead_id
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE i.organization_id = :organization_id AND i.kind IN ('email', 'phone') AND i.value = ANY(:keys)
""")
_SCORES = text("""
    SELECT i.value, s.score FROM lead_identity i
    JOIN lead_score s ON s.organization_id = i.organization_id AND s.lead_id = i.lead_id
    WHERE i.organization_id = :organization_id AND i.kind IN ('email', 'phone') AND i.value = ANY(:keys)
""")
_OPEN = text("""
    SELECT coalesce(nullif(lower(l.email), ''), l.phone) AS key, l.stage, l.source, l.value, l.owner_id
    FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND s.kind = 'open' AND (l.email <> '' OR l.phone <> '')
""")
_BEST = text("""
    SELECT l.id FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND s.kind = 'open' AND l.name <> ''
      AND (CAST(:owner AS uuid) IS NULL OR l.owner_id = :owner)
    ORDER BY l.score DESC, l.id LIMIT :limit
""")
_UNREAD = text("""
    SELECT EXISTS (
        SELECT 1 FROM json_to_recordset(CAST(:readers AS json)) AS p (name text, kinds text[], nouns text[])
        LEFT JOIN projection_cursor c ON c.organization_id = :organization_id AND c.projection = p.name
        CROSS JOIN LATERAL (
            SELECT 1 FROM event e
            WHERE e.organization_id = :organization_id
              AND (e.xid, e.seq) > (coalesce(c.xid, '0'::xid8), coalesce(c.seq, 0))
              AND (e.kind = ANY(p.kinds) OR split_part(e.kind, '.', 1) = ANY(p.nouns))
            LIMIT 1
        ) unread
    )
""")


async def first_time(work: Work, refs: Sequence[str]) -> set[str]:
    """Those of `refs` that nobody has told before; they are told from now on."""
    rows = await work.session.execute(_ONCE, {"organization_id": work.organization_id, "refs": list(refs)})
    return set(rows.scalars())


async def leads(work: Work, keys: Sequence[str]) -> dict[str, tuple[UUID, str, UUID | None, str]]:
    """By e-mail or phone: the lead, its stage, its owner, and the kind of its stage."""
    rows = await work.session.execute(_LEADS, {"organization_id": work.organization_id, "keys": list(keys)})
    return {key: (lead, stage, owner, kind) for key, lead, stage, owner, kind in rows}


async def scores(work: Work, keys: Sequence[str]) -> dict[str, float]:
    rows = await work.session.execute(_SCORES, {"organization_id": work.organization_id, "keys": list(keys)})
    return {key: score for key, score in rows}  # noqa: C416 - typed rows


async def open_leads(work: Work) -> list[tuple[str, str, str, int, UUID | None]]:
    rows = await work.session.execute(_OPEN, {"organization_id": work.organization_id})
    return [(key, stage, source, value, owner) for key, stage, source, value, owner in rows]


async def best_open(work: Work, owner: UUID | None, limit: int) -> list[UUID]:
    """Open leads of somebody, or of everybody; those with the highest scores first."""
    values = {"organization_id": work.organization_id, "owner": owner, "limit": limit}
    return list((await work.session.execute(_BEST, values)).scalars())


async def is_unread(work: Work, readers: Mapping[str, Sequence[str]]) -> bool:
    """Whether one of these projections has yet to read something that it wants (kinds; nouns end in a dot)."""
    wanted = [
        {
            "name": name,
            "kinds": [kind for kind in kinds if not kind.endswith(".")],
            "nouns": [kind[:-1] for kind in kinds if kind.endswith(".")],
        }
        for name, kinds in readers.items()
    ]
    arguments = {"organization_id": work.organization_id, "readers": orjson.dumps(wanted).decode()}
    return bool((await work.session.execute(_UNREAD, arguments)).scalar_one())
