"""Adds entries, and moves the end of the chain with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text

from leadflow.audit.chain import Columns, Head
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.work import Work

# Times and documents are hashed as the database writes them, whatever its time zone and style of dates: two that the
# database can tell apart are never one here.
_WRITTEN = """
    e.organization_id::text AS organization_id, e.event_id::text AS event_id, extract(epoch FROM e.at)::text AS at,
    extract(epoch FROM e.recorded_at)::text AS recorded_at, e.actor_kind, e.actor_id::text AS actor_id, e.kind,
    e.lead_id::text AS lead_id, e.source, e.data::text AS data
"""
_HEAD = text("SELECT number, hash, signature FROM audit_head WHERE organization_id = :organization_id")
_UNRECORDED = text(f"""
    SELECT {_WRITTEN}
    FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS (
        organization_id uuid, event_id uuid, at timestamptz, recorded_at timestamptz, actor_kind text, actor_id uuid,
        kind text, lead_id uuid, source text, data jsonb
    )) WITH ORDINALITY AS e (organization_id, event_id, at, recorded_at, actor_kind, actor_id, kind, lead_id, source,
                             data, place)
    WHERE NOT EXISTS (
        SELECT 1 FROM audit_entry known
        WHERE known.organization_id = :organization_id AND known.event_id = e.event_id
    )
    ORDER BY e.place
""")
_APPEND = text("""
    WITH moved AS (
        INSERT INTO audit_head (organization_id, number, hash, signature)
        VALUES (:organization_id, :number, :hash, :signature)
        ON CONFLICT (organization_id) DO UPDATE
            SET number = excluded.number, hash = excluded.hash, signature = excluded.signature
    )
    INSERT INTO audit_entry (organization_id, number, event_id, at, recorded_at, actor_kind, actor_id, kind, lead_id,
                             source, data, previous_hash, hash)
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS e (
        organization_id uuid, number bigint, event_id uuid, at timestamptz, recorded_at timestamptz, actor_kind text,
        actor_id uuid, kind text, lead_id uuid, source text, data jsonb, previous_hash text, hash text)
""")
# One statement sees one moment: entries and the end that was signed for them.
_CHUNK = text(f"""
    SELECT h.number AS head_number, h.hash AS head_hash, h.signature, e.* FROM (
        SELECT {_WRITTEN}, e.number, e.previous_hash, e.hash FROM audit_entry e
        WHERE e.organization_id = :organization_id AND e.number >= :start ORDER BY e.number LIMIT :limit
    ) e
    FULL JOIN (SELECT * FROM audit_head WHERE organization_id = :organization_id) h
        ON h.organization_id::text = e.organization_id
    ORDER BY e.number
""")
_CURSOR = """
    coalesce((SELECT xid FROM projection_cursor
              WHERE organization_id = :organization_id AND projection = :projection), '0'::xid8),
    coalesce((SELECT seq FROM projection_cursor
              WHERE organization_id = :organization_id AND projection = :projection), 0)
"""
_WANTED = "(e.kind = ANY(:exact) OR split_part(e.kind, '.', 1) = ANY(:nouns))"
# A kind may have become sensitive while its first events had been read already: only those after the first that has
# an entry must have one. A trail without any entry has lost them all.
_LOG = text(f"""
    WITH read AS MATERIALIZED (
        SELECT e.kind, e.xid, e.seq, t.number FROM event e
        LEFT JOIN audit_entry t ON t.organization_id = e.organization_id AND t.event_id = e.id
        WHERE e.organization_id = :organization_id AND (e.xid, e.seq) <= ({_CURSOR}) AND {_WANTED}
    ), first AS (
        SELECT DISTINCT ON (kind) kind, xid, seq FROM read WHERE number IS NOT NULL ORDER BY kind, xid, seq
    )
    SELECT (SELECT count(*) FROM event e
            WHERE e.organization_id = :organization_id AND (e.xid, e.seq) > ({_CURSOR}) AND {_WANTED}) AS waiting,
           (SELECT count(*) FROM read LEFT JOIN first USING (kind)
            WHERE read.number IS NULL
              AND ((read.xid, read.seq) > (first.xid, first.seq) OR NOT EXISTS (SELECT 1 FROM first))) AS lost
""")
LOWEST = -(2**63)
"""Where reading starts: an entry that somebody put before the first is seen too."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    event: RecordedEvent
    number: int
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some entries with their hashes, in order, and the end as it was at that moment."""

    entries: list[tuple[Columns, str]]
    head: Head | None


@dataclass(frozen=True, slots=True)
class AgainstTheLog:
    """Events that the projection has yet to read, and those that it has read and that have no entry."""

    waiting: int
    lost: int


async def head(work: Work) -> Head:
    row = (await work.session.execute(_HEAD, {"organization_id": work.organization_id})).one_or_none()
    return Head(*row) if row else Head()


async def unrecorded(work: Work, events: Sequence[RecordedEvent]) -> list[tuple[RecordedEvent, dict[str, Any]]]:
    """Those that have no entry yet, in order, each with the columns of its entry as the database writes them."""
    rows = orjson.dumps([_row(work, event) for event in events]).decode()
    found = await work.session.execute(_UNRECORDED, {"organization_id": work.organization_id, "rows": rows})
    by_id = {str(event.id): event for event in events}
    return [(by_id[columns["event_id"]], dict(columns)) for columns in found.mappings()]


async def append(work: Work, entries: Sequence[NewEntry], end: Head) -> None:
    rows = [
        {
            **_row(work, entry.event),
            "number": entry.number,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
        for entry in entries
    ]
    await work.session.execute(
        _APPEND,
        {
            "organization_id": work.organization_id,
            "number": end.number,
            "hash": end.hash,
            "signature": end.signature,
            "rows": orjson.dumps(rows).decode(),
        },
    )


async def chunk(work: Work, start: int, limit: int) -> Chunk:
    """Entries from number `start` on."""
    values = {"organization_id": work.organization_id, "start": start, "limit": limit}
    rows = [dict(row) for row in (await work.session.execute(_CHUNK, values)).mappings()]
    ends = [(row.pop("head_number"), row.pop("head_hash"), row.pop("signature")) for row in rows]
    end = Head(*ends[0]) if ends and ends[0][0] is not None else None
    return Chunk([(row, row.pop("hash")) for row in rows if row["number"] is not None], end)


async def against_the_log(work: Work, projection: str, kinds: Sequence[str]) -> AgainstTheLog:
    """`kinds` are exact kinds or prefixes ending in a dot."""
    values = {
        "organization_id": work.organization_id,
        "projection": projection,
        "exact": [kind for kind in kinds if not kind.endswith(".")],
        "nouns": [kind[:-1] for kind in kinds if kind.endswith(".")],
    }
    return AgainstTheLog(*(await work.session.execute(_LOG, values)).one())


def _row(work: Work, event: RecordedEvent) -> dict[str, Any]:
    return {
        "organization_id": work.organization_id,
        "event_id": event.id,
        "at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "kind": event.kind,
        "lead_id": event.lead_id,
        "source": event.source,
        "data": event.data,
    }
