"""COPY into tables of this session, then one INSERT … SELECT per table.

COPY FROM is refused on tables with row-level security, so rows pass through temporary tables, which need none: a
session sees only its own, and they are emptied at every commit.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.leads import repository
from leadflow.leads.bulk.staging import CAPTURE_COLUMNS, Staged
from leadflow.leads.models import IdentityKind
from leadflow.leads.rules import Identity

if TYPE_CHECKING:
    import psycopg

_TABLES = (
    text("""
        CREATE TEMPORARY TABLE IF NOT EXISTS bulk_capture (
            lead_id uuid, event_id uuid, is_first boolean, name text, company text, title text, email text,
            phone text, domain text, country text, source text, value bigint, currency text, words text,
            custom jsonb, data jsonb
        ) ON COMMIT DELETE ROWS
    """),
    text(
        "CREATE TEMPORARY TABLE IF NOT EXISTS bulk_identity (kind text, value text, lead_id uuid) ON COMMIT DELETE ROWS"
    ),
)
_COPY_CAPTURES = f"COPY pg_temp.bulk_capture ({', '.join(CAPTURE_COLUMNS)}) FROM STDIN"
_COPY_IDENTITIES = "COPY pg_temp.bulk_identity (kind, value, lead_id) FROM STDIN"
_CLAIM = text("""
    WITH claimed AS (
        INSERT INTO lead_identity (organization_id, kind, value, lead_id)
        SELECT :organization_id, kind, value, lead_id FROM pg_temp.bulk_identity ORDER BY kind, value
        ON CONFLICT (organization_id, kind, value) DO NOTHING
        RETURNING kind, value
    )
    SELECT kind, value FROM pg_temp.bulk_identity EXCEPT ALL SELECT kind, value FROM claimed
""")
_INSERT_LEADS = text("""
    INSERT INTO lead (organization_id, id, name, company, title, email, phone, domain, country, source, value,
                      currency, custom, captured_at, stage_at)
    SELECT :organization_id, lead_id, name, company, title, email, phone, domain, country, source, value, currency,
           custom, :at, :at
    FROM pg_temp.bulk_capture WHERE is_first AND lead_id <> ALL (CAST(:gone AS uuid[]))
""")
_INSERT_EVENTS = text("""
    INSERT INTO event (id, organization_id, kind, lead_id, actor_kind, actor_id, occurred_at, source, data)
    SELECT c.event_id, :organization_id,
           CASE WHEN c.is_first AND m.existing IS NULL THEN 'lead.captured' ELSE 'lead.joined' END,
           coalesce(m.existing, c.lead_id), :actor_kind, CAST(:actor_id AS uuid), :at, c.source, c.data
    FROM pg_temp.bulk_capture c
    LEFT JOIN unnest(CAST(:gone AS uuid[]), CAST(:existing AS uuid[])) AS m (tentative, existing)
      ON m.tentative = c.lead_id
    ORDER BY c.ctid
""")
_NOTE_NEW_WORDS = text("""
    INSERT INTO lead_search_backlog (organization_id, id, lead_ids, words)
    SELECT :organization_id, :id, array_agg(lead_id), array_agg(words)
    FROM pg_temp.bulk_capture WHERE is_first AND lead_id <> ALL (CAST(:gone AS uuid[]))
    HAVING count(*) > 0
""")
_NOTE_WORDS = text("""
    INSERT INTO lead_search_backlog (organization_id, id, lead_ids, words)
    VALUES (:organization_id, :id, CAST(:lead_ids AS uuid[]), CAST(:words AS text[]))
""")
_INDEX_BACKLOG = text("""
    WITH part AS (
        DELETE FROM lead_search_backlog WHERE organization_id = :organization_id AND id = (
            SELECT id FROM lead_search_backlog WHERE organization_id = :organization_id
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING lead_ids, words
    )
    INSERT INTO lead_search (organization_id, lead_id, words)
    SELECT :organization_id, w.lead_id, w.words FROM part, unnest(part.lead_ids, part.words) AS w (lead_id, words)
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET words = CASE
        WHEN position(excluded.words IN lead_search.words) > 0 THEN lead_search.words
        ELSE left(lead_search.words || ' ' || excluded.words, 2000) END
""")
_LOCK_LEADS = text("""
    SELECT id FROM lead WHERE organization_id = :organization_id AND id = ANY (CAST(:ids AS uuid[]))
    ORDER BY id FOR NO KEY UPDATE
""")


async def load(work: Work, staged: Staged) -> None:
    """Send the chunk to this session's own tables. Nobody else sees anything of it yet."""
    for table in _TABLES:
        await work.session.execute(table)
    raw = await (await work.session.connection()).get_raw_connection()
    connection = cast("psycopg.AsyncConnection[object]", raw.driver_connection)
    async with connection.cursor() as cursor:
        for statement, body in ((_COPY_CAPTURES, staged.captures), (_COPY_IDENTITIES, staged.identities)):
            async with cursor.copy(statement) as copy:
                await copy.write(body)


async def claim(work: Work) -> dict[Identity, UUID]:
    """Claim every loaded identity; returns those that belong to another lead already, and whose."""
    rows = await work.session.execute(_CLAIM, {"organization_id": work.organization_id})
    taken = [(IdentityKind(kind), value) for kind, value in rows]
    return await repository.owners(work, taken) if taken else {}


async def insert_leads(work: Work, gone: Collection[str], at: datetime) -> int:
    done = await work.session.execute(
        _INSERT_LEADS, {"organization_id": work.organization_id, "gone": list(gone), "at": at}
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an INSERT has a row count


async def insert_events(work: Work, existing: Mapping[str, UUID], at: datetime) -> None:
    await work.session.execute(
        _INSERT_EVENTS,
        {
            "organization_id": work.organization_id,
            "actor_kind": work.scope.actor.kind.value,
            "actor_id": work.scope.actor.id,
            "gone": list(existing),
            "existing": list(existing.values()),
            "at": at,
        },
    )


async def lock(work: Work, lead_ids: Collection[UUID]) -> None:
    """Lock leads in one order, so that two writers of the same leads wait for each other and do not embrace."""
    await work.session.execute(_LOCK_LEADS, {"organization_id": work.organization_id, "ids": list(lead_ids)})


async def note_words(work: Work, gone: Collection[str], joined: Mapping[UUID, str]) -> None:
    """Write down what search has yet to learn of this chunk."""
    tenant = {"organization_id": work.organization_id}
    await work.session.execute(_NOTE_NEW_WORDS, {**tenant, "id": new_id(), "gone": list(gone)})
    if joined:
        words = {"lead_ids": list(joined), "words": list(joined.values())}
        await work.session.execute(_NOTE_WORDS, {**tenant, "id": new_id(), **words})


async def index_oldest(work: Work) -> bool:
    """Make the oldest noted words searchable; False when there were none (or others are at it)."""
    done = await work.session.execute(_INDEX_BACKLOG, {"organization_id": work.organization_id})
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an INSERT has a row count
