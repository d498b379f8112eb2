"""Use cases of tenancy: organizations and who belongs to them."""

from collections.abc import Collection
from uuid import UUID

from leadflow.kernel.errors import NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.tenancy import repository
from leadflow.tenancy.models import CustomRole, Membership, Organization, Team
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.repository import Person


def system_scope(organization_id: UUID) -> Scope:
    """For our own projections and jobs, inside the organization whose row they hold."""
    return Scope(organization_id, Actor(ActorKind.SYSTEM), frozenset(SYSTEM_PERMISSIONS))


async def found_organization(work: Work, name: str, *, time_zone: str = "UTC") -> Organization:
    """Create the organization of this unit of work."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    organization = Organization(
        id=work.organization_id, name=name.strip(), time_zone=time_zone, created_at=work.clock.now()
    )
    work.session.add(organization)
    await work.session.flush()
    work.record(Event("organization.founded", data={"name": organization.name}))
    return organization


async def add_member(work: Work, account_id: UUID, role: str, *, team: UUID | None = None) -> None:
    """Make an account part of the organization."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    work.session.add(
        Membership(
            organization_id=work.organization_id,
            account_id=account_id,
            role=str(role),
            team_id=team,
            created_at=work.clock.now(),
        )
    )
    await work.session.flush()
    work.record(Event("member.added", data={"account_id": str(account_id), "role": str(role)}))


async def current_organization(work: Work) -> Organization:
    organization = await repository.organization(work)
    if organization is None:
        raise NotFound("This organization does not exist.")
    return organization


async def teams(work: Work) -> list[Team]:
    work.scope.require(Permission.LEADS_READ)
    return await repository.teams(work)


async def roles(work: Work) -> list[CustomRole]:
    work.scope.require(Permission.PEOPLE_MANAGE)
    return await repository.roles(work)


async def people(work: Work) -> list[Person]:
    work.scope.require(Permission.LEADS_READ)
    return await repository.people(work)


async def names_of(work: Work, people: Collection[str]) -> dict[str, str]:
    """What members are called, those who are suspended too, by id; what is no member's id is passed over."""
    work.scope.require(Permission.LEADS_READ)
    known = {parsed for each in people if (parsed := parse_id(each))}
    return {str(person): name for person, name in (await repository.names(work, known)).items()} if known else {}
