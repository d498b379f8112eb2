"""Loads and saves organizations, their people, teams and roles."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from leadflow.kernel.reach import Team as TeamId
from leadflow.kernel.work import Work
from leadflow.tenancy.models import CustomRole, Delivery, Invitation, Membership, Organization, Team
from leadflow.tenancy.rules import Seats

_PEOPLE = text("""
    SELECT a.id, a.name, a.email, m.role, m.team_id, m.state, r.name, m.working_hours, m.time_zone
    FROM membership m
    JOIN account a ON a.id = m.account_id
    LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id::text = m.role
    WHERE m.organization_id = :organization_id ORDER BY a.name, a.id
""")
_NAMES = text("""
    SELECT a.id, a.name FROM membership m JOIN account a ON a.id = m.account_id
    WHERE m.organization_id = :organization_id AND m.account_id = ANY(:people)
""")
_TEAMS_ABOVE = text("SELECT id, parent_id FROM team WHERE organization_id = :organization_id")
_NEW_RIGHTS = text("UPDATE organization SET rights_version = rights_version + 1 WHERE id = :organization_id")
# Not FOR UPDATE: whatever refers to the organization would wait too.
_HOLD_SEATS = text("SELECT seats FROM organization WHERE id = :organization_id FOR NO KEY UPDATE")
_SEATS = text("""
    SELECT o.seats,
           (SELECT count(*) FROM membership m WHERE m.organization_id = o.id AND m.state = 'active'),
           (SELECT count(*) FROM invitation i
            WHERE i.organization_id = o.id AND i.ended_at IS NULL AND i.expires_at > :now)
    FROM organization o WHERE o.id = :organization_id
""")
_OTHER_OWNERS = text("""
    SELECT count(*) FROM membership
    WHERE organization_id = :organization_id AND role = 'owner' AND state = 'active' AND account_id <> :account_id
""")
_WITH_ROLE = text("""
    SELECT (SELECT count(*) FROM membership WHERE organization_id = :organization_id AND role = :role)
         + (SELECT count(*) FROM invitation WHERE organization_id = :organization_id AND role = :role
            AND ended_at IS NULL AND expires_at > :now)
""")
_KEYS_OF_TEAM = text("""
    SELECT count(*) FROM api_key
    WHERE organization_id = :organization_id AND team_id = :team AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > :now)
""")
_FORGET_DEAD_KEYS = text("""
    UPDATE api_key SET team_id = NULL
    WHERE organization_id = :organization_id AND team_id = :team AND (revoked_at IS NOT NULL OR expires_at <= :now)
""")
_END_INVITATIONS = text("""
    UPDATE invitation SET ended_at = :now
    WHERE organization_id = :organization_id AND lower(email) = lower(:email) AND ended_at IS NULL
""")
_USE_INVITATION = text("""
    UPDATE invitation SET ended_at = :now
    WHERE organization_id = :organization_id AND id = :id AND ended_at IS NULL AND expires_at > :now
    RETURNING mail
""")
# Only while it waits for its mail, or to have it sent again: a link that was shown meanwhile stays good.
_GIVE_LINK = text("""
    UPDATE invitation SET token_hash = :token_hash
    WHERE organization_id = :organization_id AND id = :id AND ended_at IS NULL AND expires_at > :now AND mail <> ''
    RETURNING id
""")
_NOTE_MAIL = text("""
    UPDATE invitation SET mail = :mail, mailed_at = coalesce(:mailed_at, mailed_at)
    WHERE organization_id = :organization_id AND id = :id AND token_hash = :token_hash
""")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the organization."""

    id: UUID
    name: str
    email: str
    role: str
    team: TeamId = None
    state: str = "active"
    role_name: str | None = None
    """What a role of the organization's own is called; None for one of the five."""
    hours: Mapping[str, list[list[str]]] | None = None
    """Shifts per weekday; None: always."""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says to whoever has its link."""

    organization_id: UUID
    organization_name: str
    invitation_id: UUID
    email: str
    role: str
    team_id: UUID | None
    invited_by: str
    account_id: UUID | None
    """Of somebody who has an account already."""


async def organization(work: Work) -> Organization | None:
    return await work.session.get(Organization, work.organization_id)


async def people(work: Work) -> list[Person]:
    rows = await work.session.execute(_PEOPLE, {"organization_id": work.organization_id})
    return [Person(*row) for row in rows]


async def names(work: Work, people: Collection[UUID]) -> dict[UUID, str]:
    rows = await work.session.execute(_NAMES, {"organization_id": work.organization_id, "people": list(people)})
    return {row.id: row.name for row in rows}


async def seats(work: Work) -> Seats:
    return Seats(*(await work.session.execute(_SEATS, _at_present(work))).one())


async def hold_seats(work: Work) -> Seats:
    """The same, and nobody else takes or gives back a seat by `hold_seats` until this transaction ends."""
    # Two statements: the second one counts what the first has waited for.
    await work.session.execute(_HOLD_SEATS, {"organization_id": work.organization_id})
    return await seats(work)


def _at_present(work: Work) -> dict[str, object]:
    return {"organization_id": work.organization_id, "now": work.clock.now()}


async def rights_change(work: Work) -> None:
    """What follows changes who may do or see what. Others who are about to change that wait until this is committed."""
    await work.session.execute(_NEW_RIGHTS, {"organization_id": work.organization_id})


async def teams(work: Work) -> list[Team]:
    """By name."""
    found = await work.session.execute(
        select(Team).where(col(Team.organization_id) == work.organization_id).order_by(col(Team.name), col(Team.id))
    )
    return list(found.scalars())


async def roles(work: Work) -> list[CustomRole]:
    found = await work.session.execute(
        select(CustomRole)
        .where(col(CustomRole.organization_id) == work.organization_id)
        .order_by(col(CustomRole.name), col(CustomRole.id))
    )
    return list(found.scalars())


async def role(work: Work, role_id: UUID) -> CustomRole | None:
    return await work.session.get(CustomRole, (work.organization_id, role_id))


async def member(work: Work, account_id: UUID) -> Membership | None:
    return await work.session.get(Membership, (work.organization_id, account_id))


async def other_owners(work: Work, account_id: UUID) -> int:
    """How many active owners there are beside this one."""
    found = await work.session.execute(
        _OTHER_OWNERS, {"organization_id": work.organization_id, "account_id": account_id}
    )
    return int(found.scalar_one())


async def with_role(work: Work, role_name: str) -> int:
    found = await work.session.execute(
        _WITH_ROLE, {"organization_id": work.organization_id, "role": role_name, "now": work.clock.now()}
    )
    return int(found.scalar_one())


async def keys_of_team(work: Work, team_id: UUID) -> int:
    found = await work.session.execute(
        _KEYS_OF_TEAM, {"organization_id": work.organization_id, "team": team_id, "now": work.clock.now()}
    )
    return int(found.scalar_one())


async def forget_dead_keys(work: Work, team_id: UUID) -> None:
    """Keys that are refused in any case hold no team back."""
    await work.session.execute(
        _FORGET_DEAD_KEYS, {"organization_id": work.organization_id, "team": team_id, "now": work.clock.now()}
    )


async def invitation(work: Work, invitation_id: UUID) -> Invitation | None:
    return await work.session.get(Invitation, (work.organization_id, invitation_id))


async def open_invitations(work: Work) -> list[Invitation]:
    found = await work.session.execute(
        select(Invitation)
        .where(
            col(Invitation.organization_id) == work.organization_id,
            col(Invitation.ended_at).is_(None),
            col(Invitation.expires_at) > work.clock.now(),
        )
        .order_by(col(Invitation.created_at).desc())
    )
    return list(found.scalars())


async def end_invitations(work: Work, email: str) -> None:
    await work.session.execute(
        _END_INVITATIONS, {"organization_id": work.organization_id, "email": email, "now": work.clock.now()}
    )


async def use_invitation(work: Work, invitation_id: UUID) -> Delivery | None:
    """How its link got to whoever uses it; None when it has ended."""
    used = await work.session.execute(
        _USE_INVITATION, {"organization_id": work.organization_id, "id": invitation_id, "now": work.clock.now()}
    )
    row = used.one_or_none()
    return Delivery(row.mail) if row else None


async def give_link(work: Work, invitation_id: UUID, token_hash: str) -> Invitation | None:
    """The link that a mail is about to carry, instead of any before; None when no mail is wanted any more."""
    given = await work.session.execute(
        _GIVE_LINK,
        {
            "organization_id": work.organization_id,
            "id": invitation_id,
            "token_hash": token_hash,
            "now": work.clock.now(),
        },
    )
    return await invitation(work, invitation_id) if given.first() else None


async def note_mail(work: Work, invitation_id: UUID, token_hash: str, delivery: Delivery) -> None:
    """What became of the mail with this link; nothing when another link has replaced it."""
    await work.session.execute(
        _NOTE_MAIL,
        {
            "organization_id": work.organization_id,
            "id": invitation_id,
            "token_hash": token_hash,
            "mail": delivery.value,
            "mailed_at": work.clock.now() if delivery is Delivery.SENT else None,
        },
    )


async def invitation_behind(session: AsyncSession, token_hash: str) -> Invited | None:
    """What a link leads to, of whichever organization; None when it has been used or revoked, or has expired."""
    row = (await session.execute(text("SELECT * FROM invitation_behind(:hash)"), {"hash": token_hash})).one_or_none()
    return Invited(*row) if row else None


async def teams_above(work: Work) -> dict[UUID, TeamId]:
    """Every team, and the one above it."""
    rows = await work.session.execute(_TEAMS_ABOVE, {"organization_id": work.organization_id})
    return {row.id: row.parent_id for row in rows}
