"""COPY into tables of this session, then one INSERT … SELECT per table.

COPY FROM is refused on tables with row-level security, so rows pass through temporary tables, which need none: a
session sees only its own, and they are emptied at every commit.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.staged import Staged
from leadflow.leads.bulk.staging import CAPTURE_COLUMNS
from leadflow.leads.models import IdentityKind
from leadflow.leads.rules import Identity, domain_of

if TYPE_CHECKING:
    import psycopg

_TABLES = """
    CREATE TEMPORARY TABLE IF NOT EXISTS bulk_capture (
        lead_id uuid, event_id uuid, is_first boolean, name text, company text, title text, email text, phone text,
        domain text, country text, source text, value bigint, currency text, words text, custom jsonb, data jsonb
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE IF NOT EXISTS bulk_identity (kind text, value text, lead_id uuid) ON COMMIT DELETE ROWS
"""
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
# The tenant is compared with a subquery, because the planner then cannot look it up in statistics: those of a tenant
# that has grown since say "one row", and any index that begins with the tenant would look as good as the right one.
_OWNERS = text("""
    SELECT l.kind, l.value, l.lead_id
    FROM json_to_recordset(CAST(:identities AS json)) AS i (kind text, value text)
    JOIN lead_identity l ON l.kind = i.kind AND l.value = i.value
    WHERE l.organization_id = (SELECT CAST(:organization_id AS uuid))
""")
_MOVE = text("""
    UPDATE lead_identity l SET lead_id = i.lead_id
    FROM json_to_recordset(CAST(:identities AS json)) AS i (kind text, value text, lead_id uuid)
    WHERE l.organization_id = (SELECT CAST(:organization_id AS uuid)) AND l.kind = i.kind AND l.value = i.value
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
    SELECT event_id, :organization_id, CASE WHEN is_first THEN 'lead.captured' ELSE 'lead.joined' END, lead_id,
           :actor_kind, CAST(:actor_id AS uuid), :at, source,
           coalesce(data, jsonb_build_object(
               'source', source, 'company', company, 'title', title, 'domain', domain, 'country', country,
               'value', value, 'currency', currency, 'email', email <> '', 'phone', phone <> '', 'custom', custom))
    FROM pg_temp.bulk_capture WHERE lead_id <> ALL (CAST(:gone AS uuid[])) ORDER BY ctid
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
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:organization_id AS text), 1279545417))")
_INDEX_OLDEST = text("""
    WITH part AS (
        DELETE FROM lead_search_backlog WHERE organization_id = :organization_id AND id = (
            SELECT id FROM lead_search_backlog WHERE organization_id = :organization_id ORDER BY id LIMIT 1)
        RETURNING lead_ids, words
    ), indexed AS (
        INSERT INTO lead_search (organization_id, lead_id, words)
        SELECT :organization_id, w.lead_id, w.words FROM part, unnest(part.lead_ids, part.words) AS w (lead_id, words)
        ORDER BY w.lead_id
        ON CONFLICT (organization_id, lead_id) DO UPDATE
            SET words = left(lead_search.words || ' ' || excluded.words, 2000)
            WHERE position(excluded.words IN lead_search.words) = 0
    )
    SELECT count(*) FROM part
""")
# Leads are locked in one order, so that two writers of the same leads wait for each other and do not embrace; those
# that would not change are neither locked nor written.
_FILL = text("""
    WITH found AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS f (
            id uuid, name text, company text, title text, email text, phone text, domain text, country text,
            value bigint, currency text, custom jsonb)
    ), lacking AS MATERIALIZED (
        SELECT l.id FROM lead l JOIN found f ON l.id = f.id
        WHERE l.organization_id = (SELECT CAST(:organization_id AS uuid)) AND (
            (l.name = '' AND f.name <> '') OR (l.company = '' AND f.company <> '') OR (l.title = '' AND f.title <> '')
            OR (l.email = '' AND f.email <> '') OR (l.phone = '' AND f.phone <> '')
            OR (l.domain = '' AND f.domain <> '') OR (l.country = '' AND f.country <> '')
            OR (l.value = 0 AND f.value <> 0) OR f.custom || l.custom <> l.custom)
        ORDER BY l.id FOR NO KEY UPDATE OF l
    )
    UPDATE lead SET
        name = coalesce(nullif(lead.name, ''), f.name), company = coalesce(nullif(lead.company, ''), f.company),
        title = coalesce(nullif(lead.title, ''), f.title), email = coalesce(nullif(lead.email, ''), f.email),
        phone = coalesce(nullif(lead.phone, ''), f.phone), country = coalesce(nullif(lead.country, ''), f.country),
        domain = coalesce(nullif(lead.domain, ''), f.domain), custom = f.custom || lead.custom,
        value = CASE WHEN lead.value = 0 THEN f.value ELSE lead.value END,
        currency = CASE WHEN lead.value = 0 AND f.value <> 0 THEN f.currency ELSE lead.currency END
    FROM found f JOIN lacking ON lacking.id = f.id
    WHERE lead.organization_id = (SELECT CAST(:organization_id AS uuid)) AND lead.id = f.id
""")
_FILLED = ("name", "company", "title", "email", "phone", "country", "value", "currency", "custom")


async def load(work: Work, staged: Staged) -> None:
    """Send the chunk to this session's own tables. Nobody else sees anything of it yet."""
    raw = await (await work.session.connection()).get_raw_connection()
    connection = cast("psycopg.AsyncConnection[object]", raw.driver_connection)
    async with connection.cursor() as cursor:
        await cursor.execute(_TABLES)
        for statement, body in ((_COPY_CAPTURES, staged.captures), (_COPY_IDENTITIES, staged.identities)):
            async with cursor.copy(statement) as copy:
                await copy.write(body)


async def claim(work: Work) -> dict[Identity, UUID]:
    """Claim every loaded identity; returns those that belong to another lead already, and whose."""
    rows = await work.session.execute(_CLAIM, {"organization_id": work.organization_id})
    taken = [(IdentityKind(kind), value) for kind, value in rows]
    return await owners(work, taken) if taken else {}


async def owners(work: Work, identities: Iterable[Identity]) -> dict[Identity, UUID]:
    """Which leads these identities belong to, those of them that belong to any."""
    wanted = [{"kind": kind, "value": value} for kind, value in identities]
    arguments = {"organization_id": work.organization_id, "identities": orjson.dumps(wanted).decode()}
    rows = await work.session.execute(_OWNERS, arguments)
    return {(IdentityKind(kind), value): lead_id for kind, value, lead_id in rows}


async def move(work: Work, owners: Mapping[Identity, UUID]) -> None:
    """Give identities that were just claimed to the leads that they turned out to belong to."""
    moved = [{"kind": kind, "value": value, "lead_id": lead_id} for (kind, value), lead_id in owners.items()]
    arguments = {"organization_id": work.organization_id, "identities": orjson.dumps(moved).decode()}
    await work.session.execute(_MOVE, arguments)


async def insert_leads(work: Work, gone: Collection[str], at: datetime) -> int:
    arguments = {"organization_id": work.organization_id, "gone": list(gone), "at": at}
    done = await work.session.execute(_INSERT_LEADS, arguments)
    return int(done.rowcount)  # type: ignore[attr-defined]  # an INSERT has a row count


async def insert_events(work: Work, gone: Collection[str], at: datetime) -> None:
    actor = work.scope.actor
    arguments = {"organization_id": work.organization_id, "gone": list(gone), "at": at}
    await work.session.execute(_INSERT_EVENTS, {**arguments, "actor_kind": actor.kind.value, "actor_id": actor.id})


async def fill_gaps(work: Work, rows: Mapping[UUID, BulkRow]) -> None:
    """Complete leads with what rows know of them."""
    found = [
        {"id": lead_id, "domain": domain_of(row.email_norm), **{name: getattr(row, name) for name in _FILLED}}
        for lead_id, row in rows.items()
    ]
    arguments = {"organization_id": work.organization_id, "rows": orjson.dumps(found).decode()}
    await work.session.execute(_FILL, arguments)


async def note_new_words(work: Work, gone: Collection[str]) -> None:
    """Write down what search has yet to learn of the loaded chunk."""
    arguments = {"organization_id": work.organization_id, "id": new_id(), "gone": list(gone)}
    await work.session.execute(_NOTE_NEW_WORDS, arguments)


async def note_words(work: Work, words: Mapping[UUID, str]) -> None:
    """Write down what search has yet to learn of these leads."""
    arguments = {"organization_id": work.organization_id, "id": new_id()}
    await work.session.execute(_NOTE_WORDS, {**arguments, "lead_ids": list(words), "words": list(words.values())})


async def index_oldest(work: Work) -> bool:
    """Make the oldest noted words searchable; False when there were none. Others who try meanwhile wait."""
    await work.session.execute(_ONE_AT_A_TIME, {"organization_id": str(work.organization_id)})
    done = await work.session.execute(_INDEX_OLDEST, {"organization_id": work.organization_id})
    return bool(done.scalar_one())
