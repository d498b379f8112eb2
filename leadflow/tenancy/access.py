"""Why somebody sees a lead, or does not: the same decision that lists and pages go by, in words."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from leadflow.kernel.fields import rights_from
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent, Place, Team, reach_of, subtree
from leadflow.kernel.work import Work
from leadflow.tenancy import repository
from leadflow.tenancy.models import MemberState
from leadflow.tenancy.permissions import Grants, grants_of
from leadflow.tenancy.repository import Person


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do with one lead, and why."""

    person: Person
    sees: bool
    changes: bool
    why: str


@dataclass(frozen=True, slots=True)
class Lie:
    """Where a lead lies: whose it is, and of which team."""

    owner: UUID | None
    team: Team
    team_name: str


def explain(person: Person, grants: Grants, place: Place, team_name: str, lead: Lie) -> Access:
    """`team_name` is of the person's own team."""
    if person.state == MemberState.SUSPENDED:
        return Access(person, sees=False, changes=False, why="Suspended: sees nothing.")
    reads, writes = grants.get(Permission.LEADS_READ), grants.get(Permission.LEADS_WRITE)
    sees = reads is not None and reach_of(reads, place).holds(lead.owner, lead.team)
    changes = sees and writes is not None and reach_of(writes, place).holds(lead.owner, lead.team)
    return Access(person, sees, changes, _why(reads, place, team_name, lead, sees=sees))


def _why(reads: Extent | None, place: Place, team_name: str, lead: Lie, *, sees: bool) -> str:
    if reads is None:
        return "The role does not see leads."
    if reach_of(reads, place).is_all:
        return "Sees every lead."
    if reads is Extent.OWN:
        return "It is theirs." if sees else "Sees only their own leads."
    theirs = f"leads of {team_name}" if place.team else "leads that are in no team"
    below = " and the teams below" if reads is Extent.SUBTREE else ""
    return f"Sees {theirs}{below}: {_whose(lead, sees=sees)}."


def _whose(lead: Lie, *, sees: bool) -> str:
    if sees:
        return "this is one of them"
    return f"this one is of {lead.team_name}" if lead.team else "this one is in no team"


async def who_sees(work: Work, owner: UUID | None, team: Team) -> list[Access]:
    """Everybody of the organization, those who see the lead first."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    return sorted(await _everybody(work, owner, team), key=lambda each: not each.sees)


async def who_does_not_see(work: Work, owner: UUID | None, team: Team, people: Collection[UUID]) -> list[Person]:
    """Those of these people whom a lead is out of reach for: whoever speaks to them of it is told."""
    work.scope.require(Permission.LEADS_WRITE)
    return [each.person for each in await _everybody(work, owner, team) if each.person.id in people and not each.sees]


async def _everybody(work: Work, owner: UUID | None, team: Team) -> list[Access]:
    people = await repository.people(work)
    teams = {each.id: each for each in await repository.teams(work)}
    roles = {str(role.id): role for role in await repository.roles(work)}
    parents = {each.id: each.parent_id for each in teams.values()}
    lead = Lie(owner, team, teams[team].name if team in teams else "")

    def one(person: Person) -> Access:
        below = subtree(person.team, parents) if person.team else frozenset[UUID]()
        place = Place(person.id, person.team, frozenset(below))
        name = teams[person.team].name if person.team in teams else ""
        own = roles.get(person.role)
        access = explain(person, grants_of(person.role, own.grants if own else None), place, name, lead)
        kept = sorted(rights_from(own.fields).hidden) if own and access.sees else []
        return replace(access, why=f"{access.why} The role is not told: {', '.join(kept)}.") if kept else access

    return [one(person) for person in people]
