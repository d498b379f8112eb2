"""Loads and saves organizations, their people, teams and roles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from leadflow.kernel.reach import Team as TeamId
from leadflow.kernel.work import Work
from leadflow.tenancy.models import CustomRole, Membership, Organization, Team

_PEOPLE = text("""
    SELECT a.id, a.name, a.email, m.role, m.team_id, m.state, r.name FROM membership m
    JOIN account a ON a.id = m.account_id
    LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id::text = m.role
    WHERE m.organization_id = :organization_id ORDER BY a.name, a.id
""")
_NEW_RIGHTS = text("UPDATE organization SET rights_version = rights_version + 1 WHERE id = :organization_id")
_OTHER_OWNERS = text("""
    SELECT count(*) FROM membership
    WHERE organization_id = :organization_id AND role = 'owner' AND state = 'active' AND account_id <> :account_id
""")
_WITH_ROLE = text("SELECT count(*) FROM membership WHERE organization_id = :organization_id AND role = :role")


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


async def organization(work: Work) -> Organization | None:
    return await work.session.get(Organization, work.organization_id)


async def people(work: Work) -> list[Person]:
    rows = await work.session.execute(_PEOPLE, {"organization_id": work.organization_id})
    return [Person(*row) for row in rows]


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
    found = await work.session.execute(_WITH_ROLE, {"organization_id": work.organization_id, "role": role_name})
    return int(found.scalar_one())


async def teams_above(work: Work) -> dict[UUID, TeamId]:
    """Every team, and the one above it."""
    return {team.id: team.parent_id for team in await teams(work)}
