"""Loads and saves leads and their identities."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import JsonValue
from sqlalchemy import text
from sqlmodel import col, select

from leadflow.kernel.errors import Forbidden
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Asked, Work
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.models import DEFAULT_STAGES, IdentityKind, Lead, Stage, StageKind
from leadflow.leads.rules import Identity

# Identities, and if nobody else has one of them, the leads and what search knows of them: one round trip for a capture.
_TAKE_IN = text("""
    WITH claimed AS (
        INSERT INTO lead_identity (organization_id, kind, value, lead_id)
        SELECT :organization_id, i.kind, i.value, i.lead_id
        FROM json_to_recordset(CAST(:identities AS json)) AS i (kind text, value text, lead_id uuid)
        ORDER BY i.kind, i.value
        ON CONFLICT (organization_id, kind, value) DO NOTHING
        RETURNING kind, value
    ), fresh AS MATERIALIZED (
        SELECT l.* FROM json_to_recordset(CAST(:leads AS json)) AS l (
            id uuid, name text, company text, title text, email text, phone text, domain text, country text,
            source text, value bigint, currency text, custom jsonb, captured_at timestamptz, words text)
        WHERE (SELECT count(*) FROM claimed) = :wanted
    ), written AS (
        INSERT INTO lead (organization_id, id, name, company, title, email, phone, domain, country, source, value,
                          currency, custom, captured_at, stage_at)
        SELECT :organization_id, id, name, company, title, email, phone, domain, country, source, value, currency,
               custom, captured_at, captured_at
        FROM fresh
    ), searchable AS (
        INSERT INTO lead_search (organization_id, lead_id, words) SELECT :organization_id, id, words FROM fresh
        WHERE words IS NOT NULL
    )
    SELECT kind, value FROM claimed
""")
_OWNERS = text("""
    SELECT l.kind, l.value, l.lead_id FROM lead_identity l
    JOIN unnest(CAST(:kinds AS text[]), CAST(:values AS text[])) AS i (kind, value)
      ON l.organization_id = :organization_id AND l.kind = i.kind AND l.value = i.value
""")
_MOVE = text("""
    UPDATE lead_identity SET lead_id = m.lead_id
    FROM unnest(CAST(:kinds AS text[]), CAST(:values AS text[]), CAST(:leads AS uuid[])) AS m (kind, value, lead_id)
    WHERE organization_id = :organization_id AND lead_identity.kind = m.kind AND lead_identity.value = m.value
""")
_FILL = text("""
    UPDATE lead SET
        name = coalesce(nullif(lead.name, ''), f.name), company = coalesce(nullif(lead.company, ''), f.company),
        title = coalesce(nullif(lead.title, ''), f.title), email = coalesce(nullif(lead.email, ''), f.email),
        phone = coalesce(nullif(lead.phone, ''), f.phone), country = coalesce(nullif(lead.country, ''), f.country),
        domain = coalesce(nullif(lead.domain, ''), f.domain), custom = CAST(f.custom AS jsonb) || lead.custom,
        value = CASE WHEN lead.value = 0 THEN f.value ELSE lead.value END,
        currency = CASE WHEN lead.value = 0 AND f.value <> 0 THEN f.currency ELSE lead.currency END
    FROM unnest(CAST(:id AS uuid[]), CAST(:name AS text[]), CAST(:company AS text[]), CAST(:title AS text[]),
                CAST(:email AS text[]), CAST(:phone AS text[]), CAST(:domain AS text[]), CAST(:country AS text[]),
                CAST(:value AS bigint[]), CAST(:currency AS text[]), CAST(:custom AS text[]))
         AS f (id, name, company, title, email, phone, domain, country, value, currency, custom)
    WHERE lead.organization_id = :organization_id AND lead.id = f.id
""")
_HAND_OVER = text("""
    WITH theirs AS MATERIALIZED (
        SELECT l.id FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
        WHERE l.organization_id = :organization_id AND l.owner_id = :owner AND s.kind = 'open'
        ORDER BY l.id LIMIT :limit FOR NO KEY UPDATE OF l
    )
    UPDATE lead SET owner_id = CAST(:to AS uuid) FROM theirs
    WHERE lead.organization_id = :organization_id AND lead.id = theirs.id
    RETURNING lead.id
""")
_LOCK = text("""
    SELECT 1 FROM lead WHERE organization_id = :organization_id AND id = ANY (CAST(:ids AS uuid[]))
    ORDER BY id FOR NO KEY UPDATE
""")
_SEARCHABLE = text("""
    INSERT INTO lead_search (organization_id, lead_id, words)
    SELECT :organization_id, s.lead_id, s.words
    FROM unnest(CAST(:ids AS uuid[]), CAST(:words AS text[])) AS s (lead_id, words)
    ORDER BY s.lead_id  -- like the index of the backlog, so that the two wait for each other and do not embrace
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET words = CASE
        WHEN position(excluded.words IN lead_search.words) > 0 THEN lead_search.words
        ELSE left(lead_search.words || ' ' || excluded.words, 2000) END
""")


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead about to be written."""

    id: UUID
    name: str
    company: str
    title: str
    email: str
    phone: str
    domain: str
    country: str
    source: str
    value: int
    currency: str
    custom: Mapping[str, JsonValue]
    captured_at: datetime


def _columns(rows: Sequence[LeadRow], names: Iterable[str]) -> dict[str, list[object]]:
    return {name: [getattr(row, name) for row in rows] for name in names}


async def take_in(
    work: Work, owner: Mapping[Identity, UUID], rows: Sequence[LeadRow], words: Mapping[UUID, str]
) -> dict[Identity, UUID]:
    """Claim each identity for its (tentative) lead, and write new leads; if an identity is taken, none of them.

    `words` is what search has to know of the leads; those that are not in it are left to the index of the backlog.
    Returns the identities that belong to another lead already, and whose. Waits for a concurrent capture of the same
    person to end: one of the two gets the identity, the other sees it.
    """
    claims = [{"kind": kind.value, "value": value, "lead_id": lead_id} for (kind, value), lead_id in owner.items()]
    found = await work.session.execute(
        _TAKE_IN,
        {
            "organization_id": work.organization_id,
            "identities": orjson.dumps(claims).decode(),
            "wanted": len(claims),
            "leads": orjson.dumps([_as_json(row) | {"words": words.get(row.id)} for row in rows]).decode(),
        },
    )
    taken = set(owner) - {(IdentityKind(kind), value) for kind, value in found}
    return await owners(work, taken) if taken else {}


def _as_json(row: LeadRow) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


async def owners(work: Work, keys: Iterable[Identity]) -> dict[Identity, UUID]:
    """Which leads these identities belong to."""
    wanted = list(keys)
    rows = await work.session.execute(
        _OWNERS,
        {
            "organization_id": work.organization_id,
            "kinds": [kind.value for kind, _ in wanted],
            "values": [value for _, value in wanted],
        },
    )
    return {(IdentityKind(kind), value): lead for kind, value, lead in rows}


async def move_identities(work: Work, owner: Mapping[Identity, UUID]) -> None:
    """Give identities that were just claimed to the leads that they turned out to belong to."""
    await work.session.execute(
        _MOVE,
        {
            "organization_id": work.organization_id,
            "kinds": [kind.value for kind, _ in owner],
            "values": [value for _, value in owner],
            "leads": list(owner.values()),
        },
    )


async def lock(work: Work, lead_ids: Collection[UUID]) -> None:
    """Lock leads in the one order: whoever changes the same ones waits, and does not embrace."""
    await work.session.execute(*locking(work, lead_ids))


def locking(work: Work, lead_ids: Collection[UUID]) -> Asked:
    """What locks leads, to be put before what changes them."""
    return _LOCK, {"organization_id": work.organization_id, "ids": list(lead_ids)}


async def fill_gaps(work: Work, rows: Sequence[LeadRow]) -> None:
    """Complete existing leads with what a later capture knows; what is there is never overwritten."""
    if len(rows) > 1:
        await lock(work, [row.id for row in rows])
    names = ("id", "name", "company", "title", "email", "phone", "domain", "country", "value", "currency")
    custom = [orjson.dumps(row.custom).decode() for row in rows]
    await work.session.execute(
        _FILL, {"organization_id": work.organization_id, "custom": custom, **_columns(rows, names)}
    )


async def make_searchable(work: Work, words: Mapping[UUID, str]) -> None:
    await work.session.execute(
        _SEARCHABLE,
        {"organization_id": work.organization_id, "ids": list(words), "words": list(words.values())},
    )


async def get_to_change(work: Work, lead_id: UUID) -> Lead:
    """The lead, locked.

    Raises:
        LeadNotFound: there is none, or it is out of sight; the two look the same.
        Forbidden: it may be seen and not changed.

    """
    query = select(Lead).where(col(Lead.organization_id) == work.organization_id, col(Lead.id) == lead_id)
    lead = (await work.session.execute(query.with_for_update(of=Lead))).scalar_one_or_none()
    if lead is not None and _is_within(work, Permission.LEADS_WRITE, lead):
        return lead
    if lead is None or not _is_within(work, Permission.LEADS_READ, lead):
        raise LeadNotFound
    raise Forbidden("You can look at this lead, but it is for others to change.")


def is_in_sight(work: Work, lead: Lead) -> bool:
    """Whether somebody who may change this lead may also look at it: not every key may."""
    return _is_within(work, Permission.LEADS_READ, lead)


def _is_within(work: Work, permission: Permission, lead: Lead) -> bool:
    return work.scope.reach(permission).holds(lead.owner_id, lead.team_id)


async def stage_kinds(work: Work) -> dict[str, StageKind]:
    """What each stage of the pipeline is, in its order."""
    rows = await work.session.execute(
        text("SELECT key, kind FROM stage WHERE organization_id = :organization_id ORDER BY position, key"),
        {"organization_id": work.organization_id},
    )
    return {key: StageKind(kind) for key, kind in rows}


async def add_default_stages(work: Work) -> None:
    work.session.add_all(
        Stage(organization_id=work.organization_id, key=key, name=name, position=position, kind=kind.value)
        for position, (key, name, kind) in enumerate(DEFAULT_STAGES)
    )
    await work.session.flush()


async def is_member(work: Work, account_id: UUID) -> bool:
    row = await work.session.execute(
        text("SELECT 1 FROM membership WHERE organization_id = :o AND account_id = :a AND state = 'active'"),
        {"o": work.organization_id, "a": account_id},
    )
    return row.first() is not None


async def members(work: Work, people: Sequence[UUID]) -> set[UUID]:
    """Those of these people who are active members."""
    query = "SELECT account_id FROM membership WHERE organization_id = :o AND account_id = ANY(:a) AND state = 'active'"
    rows = await work.session.execute(text(query), {"o": work.organization_id, "a": list(people)})
    return set(rows.scalars())


async def hand_over(work: Work, owner: UUID, to: UUID | None, limit: int) -> list[UUID]:
    """Change the owner of some open leads; locked in their order, as everything that locks several is."""
    rows = await work.session.execute(
        _HAND_OVER, {"organization_id": work.organization_id, "owner": owner, "to": to, "limit": limit}
    )
    return list(rows.scalars())


async def require_exists(work: Work, lead_id: UUID) -> UUID:
    """Raises LeadNotFound when the lead is not there, or out of reach."""
    clause, values = work.scope.within(Permission.EVENTS_WRITE)
    row = await work.session.execute(
        text(f"SELECT 1 FROM lead l WHERE l.organization_id = :o AND l.id = :id{clause}"),
        {"o": work.organization_id, "id": lead_id, **values},
    )
    if row.first() is None:
        raise LeadNotFound
    return lead_id
