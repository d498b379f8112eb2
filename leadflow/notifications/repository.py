"""Loads and saves notifications."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.notifications.rules import Key, News
from leadflow.tenancy import repository as tenancy
from leadflow.tenancy.models import MemberState
from leadflow.tenancy.permissions import grants_of

_MARK = text("SELECT xid, seq FROM notification_mark WHERE organization_id = :organization_id")
_MOVE_MARK = text("""
    INSERT INTO notification_mark (organization_id, xid, seq) VALUES (:organization_id, :xid, :seq)
    ON CONFLICT (organization_id) DO UPDATE SET xid = excluded.xid, seq = excluded.seq
""")
_OWNERS = text("""
    SELECT l.id, l.owner_id FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) AND l.owner_id IS NOT NULL
""")
_ACTIVE = text("""
    SELECT m.account_id FROM membership m
    WHERE m.organization_id = :organization_id AND m.account_id = ANY(:people) AND m.state = 'active'
""")
_PREFERENCES = text("""
    SELECT p.person_id, p.kind, p.in_app FROM notification_preference p
    WHERE p.organization_id = :organization_id AND p.person_id = ANY(:people)
""")
# Locked first, and only then it is decided what joins what: a notification that is read at this very moment is joined
# by nothing more.
_UNREAD = text("""
    SELECT n.person_id, n.kind, n.group_key, n.id FROM notification n
    WHERE n.organization_id = :organization_id AND n.read_at IS NULL AND (n.person_id, n.kind, n.group_key) IN (
        SELECT k.person, k.kind, k.group_key
        FROM unnest(CAST(:people AS uuid[]), CAST(:kinds AS text[]), CAST(:groups AS text[]))
            AS k (person, kind, group_key))
    ORDER BY n.id FOR UPDATE
""")
_ADD = text("""
    INSERT INTO notification AS n (
        organization_id, id, person_id, kind, group_key, is_about_leads, count, data, first_at, last_at)
    SELECT :organization_id, r.id, r.person, r.kind, r.group_key, r.is_about_leads, r.count, r.data, r.first_at,
           r.last_at
    FROM json_to_recordset(CAST(:rows AS json)) AS r (
        id uuid, person uuid, kind text, group_key text, is_about_leads boolean, count int, data jsonb,
        first_at timestamptz, last_at timestamptz)
    ON CONFLICT (organization_id, id) DO UPDATE SET
        count = n.count + excluded.count, data = excluded.data, last_at = greatest(n.last_at, excluded.last_at)
""")
_ADD_LEADS = text("""
    INSERT INTO notification_lead AS n (organization_id, notification_id, lead_id, at)
    SELECT :organization_id, r.id, r.lead, r.at
    FROM json_to_recordset(CAST(:rows AS json)) AS r (id uuid, lead uuid, at timestamptz)
    JOIN lead l ON l.organization_id = :organization_id AND l.id = r.lead
    ON CONFLICT (organization_id, notification_id, lead_id) DO UPDATE SET at = greatest(n.at, excluded.at)
""")
_SET_PREFERENCE = text("""
    INSERT INTO notification_preference (organization_id, person_id, kind, in_app)
    VALUES (:organization_id, :person, :kind, :in_app)
    ON CONFLICT (organization_id, person_id, kind) DO UPDATE SET in_app = excluded.in_app
""")
_SET_READ = text("""
    UPDATE notification SET read_at = CAST(:at AS timestamptz)
    WHERE organization_id = :organization_id AND person_id = :me AND id = ANY(:ids)
      AND (read_at IS NULL) <> (CAST(:at AS timestamptz) IS NULL)
    RETURNING id
""")
_TIDY = text("""
    DELETE FROM notification n WHERE n.organization_id = :organization_id AND n.id IN (
        SELECT o.id FROM notification o WHERE o.organization_id = :organization_id AND o.last_at <= :until
        ORDER BY o.id LIMIT :limit FOR UPDATE
    )
""")
_OLDEST = text("SELECT min(n.last_at) FROM notification n WHERE n.organization_id = :organization_id")


async def mark(work: Work) -> tuple[int, int]:
    """The place in the log up to which everybody has been told."""
    row = (await work.session.execute(_MARK, {"organization_id": work.organization_id})).first()
    return (row.xid, row.seq) if row else (0, 0)


async def move_mark(work: Work, place: tuple[int, int]) -> None:
    values = {"organization_id": work.organization_id, "xid": place[0], "seq": place[1]}
    await work.session.execute(_MOVE_MARK, values)


async def owners(work: Work, lead_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose these leads are now."""
    if not lead_ids:
        return {}
    rows = await work.session.execute(_OWNERS, {"organization_id": work.organization_id, "ids": list(lead_ids)})
    return {row.id: row.owner_id for row in rows}


async def settlers(work: Work) -> frozenset[UUID]:
    """Who may change the organization's settings."""
    custom = {str(role.id): role.grants for role in await tenancy.roles(work)}
    return frozenset(
        person.id
        for person in await tenancy.people(work)
        if person.state == MemberState.ACTIVE
        and Permission.SETTINGS_MANAGE in grants_of(person.role, custom.get(person.role))
    )


async def active(work: Work, people: Collection[UUID]) -> set[UUID]:
    """Those of these people who belong here now."""
    values = {"organization_id": work.organization_id, "people": list(people)}
    return set((await work.session.execute(_ACTIVE, values)).scalars())


async def preferences(work: Work, people: Collection[UUID]) -> dict[tuple[UUID, str], bool]:
    """What these people have said that they want."""
    values = {"organization_id": work.organization_id, "people": list(people)}
    return {(person, kind): wanted for person, kind, wanted in await work.session.execute(_PREFERENCES, values)}


async def save(work: Work, told: Sequence[News]) -> None:
    """Join what is unread of the same group, and add the rest."""
    unread = await _unread(work, [each.key for each in told])
    ids = {each.key: unread.get(each.key) or new_id() for each in told}
    rows = [
        {
            "id": ids[each.key],
            "person": each.key.person,
            "kind": each.key.kind,
            "group_key": each.key.group,
            "is_about_leads": each.is_about_leads,
            "count": each.count,
            "data": each.data,
            "first_at": each.first_at,
            "last_at": each.last_at,
        }
        for each in told
    ]
    about = [{"id": ids[each.key], "lead": lead, "at": at} for each in told for lead, at in each.leads.items()]
    for statement, given in ((_ADD, rows), (_ADD_LEADS, about)):
        if given:
            values = {"organization_id": work.organization_id, "rows": orjson.dumps(given).decode()}
            await work.session.execute(statement, values)


async def _unread(work: Work, keys: Iterable[Key]) -> dict[Key, UUID]:
    known = list(keys)
    values = {
        "organization_id": work.organization_id,
        "people": [key.person for key in known],
        "kinds": [key.kind for key in known],
        "groups": [key.group for key in known],
    }
    rows = await work.session.execute(_UNREAD, values)
    return {Key(person, kind, group): known_id for person, kind, group, known_id in rows}


async def set_preference(work: Work, person: UUID, kind: str, *, in_app: bool) -> None:
    values = {"organization_id": work.organization_id, "person": person, "kind": kind, "in_app": in_app}
    await work.session.execute(_SET_PREFERENCE, values)


async def set_read(work: Work, me: UUID, ids: Sequence[UUID], at: datetime | None) -> list[UUID]:
    """Mark these of somebody's as read at a time, or as unread; those that this changed."""
    values = {"organization_id": work.organization_id, "me": me, "ids": list(ids), "at": at}
    return list((await work.session.execute(_SET_READ, values)).scalars())


async def forget(work: Work, until: datetime, limit: int) -> None:
    """Remove what nothing was added to since then."""
    await work.session.execute(_TIDY, {"organization_id": work.organization_id, "until": until, "limit": limit})


async def oldest(work: Work) -> datetime | None:
    found: datetime | None = await work.session.scalar(_OLDEST, {"organization_id": work.organization_id})
    return found
