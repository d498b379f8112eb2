"""Use cases of teams, roles and places: who belongs where, and so who sees what.

Each first takes the organization's rights version: two changes of rights wait for each other, and every open screen
that was drawn under the old version starts anew.
"""

from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.exc import IntegrityError

from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.fields import FieldLevel
from leadflow.kernel.ids import new_id, parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import repository, rules, seats
from leadflow.tenancy.commands import ChangeMember, ChangeTeam, CreateTeam, DefineRole
from leadflow.tenancy.errors import MemberNotFound, RoleInUse, RoleNotFound, TeamInUse, TeamNotFound
from leadflow.tenancy.models import CustomRole, Membership, MemberState, Team
from leadflow.tenancy.permissions import Grants, Role, grants_of

UNIQUE_NAMES = {"uq_team_name": "team", "uq_role_name": "role"}


async def create_team(work: Work, command: CreateTeam) -> Team:
    """Raises Invalid when the name is taken, or the team cannot stand there."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    parents = await repository.teams_above(work)
    if len(parents) >= rules.MOST_TEAMS:
        raise Invalid(problems=[FieldProblem("name", f"You can have {rules.MOST_TEAMS} teams.")])
    if command.parent is not None and (problem := rules.parent_problem(None, command.parent, parents)):
        raise Invalid(problems=[FieldProblem("parent", problem)])
    team = Team(
        organization_id=work.organization_id,
        id=new_id(),
        parent_id=command.parent,
        name=command.name,
        created_at=work.clock.now(),
    )
    work.session.add(team)
    await _save(work)
    work.record(Event("team.created", data={"team_id": str(team.id), "name": team.name}))
    return team


async def change_team(work: Work, team_id: UUID, command: ChangeTeam) -> Team:
    """Rename a team, or hang it elsewhere with everything below it.

    Raises:
        TeamNotFound: it is not there, or not ours.
        Invalid: the name is taken, or the team cannot stand there.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    team = await _team(work, team_id)
    if "parent" in command.model_fields_set and command.parent != team.parent_id:
        parents = await repository.teams_above(work)
        if command.parent is not None and (problem := rules.parent_problem(team_id, command.parent, parents)):
            raise Invalid(problems=[FieldProblem("parent", problem)])
        before, after = await _names(work, team.parent_id, command.parent)
        work.record(Event("team.moved", data={"team_id": str(team_id), "name": team.name, "from": before, "to": after}))
        team.parent_id = command.parent
    if command.name is not None and command.name != team.name:
        work.record(Event("team.renamed", data={"team_id": str(team_id), "from": team.name, "to": command.name}))
        team.name = command.name
    await _save(work)
    return team


async def remove_team(work: Work, team_id: UUID) -> None:
    """Dissolve a team: its people, leads and teams go to the one above it.

    Raises:
        TeamNotFound: it is not there, or not ours.
        TeamInUse: a key reaches this team: nobody has said that it may reach the one above.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    team = await _team(work, team_id)
    if keys := await repository.keys_of_team(work, team_id):
        raise TeamInUse(f"{keys} API keys reach this team and no further. Revoke them first.")
    await repository.forget_dead_keys(work, team_id)
    await work.session.delete(team)
    await work.session.flush()
    work.record(Event("team.removed", data={"team_id": str(team_id), "name": team.name}))


async def change_member(work: Work, account_id: UUID, command: ChangeMember) -> Membership:
    """Give somebody another role or team, suspend them, or let them in again.

    Raises:
        MemberNotFound: they are not of this organization.
        Invalid: the role or the team does not exist, or nobody would own the organization any more.
        Forbidden: it gives or takes more than the actor has.
        SeatsTaken: they cannot be let in again, because there is no seat left.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    member = await repository.member(work, account_id)
    if member is None:
        raise MemberNotFound
    await _require_power_over(work, member)
    if command.role and command.role != member.role:
        await _give_role(work, member, command.role)
    if "team" in command.model_fields_set and command.team != member.team_id:
        await _place(work, member, command.team)
    if command.suspended is not None:
        await _suspend(work, member, is_suspended=command.suspended)
    await work.session.flush()
    return member


async def _require_power_over(work: Work, member: Membership) -> None:
    if not rules.may_give(work.scope, await grants(work, member.role)):
        raise Forbidden("This person may do more than you: only somebody who may do as much can change that.")


async def _give_role(work: Work, member: Membership, role: str) -> None:
    if not await is_role(work, role):
        raise Invalid(problems=[FieldProblem("role", "Choose one of the roles.")])
    if not rules.may_give(work.scope, await grants(work, role)):
        raise Forbidden("You cannot give rights that you do not have.")
    if member.role == Role.OWNER:
        await _require_another_owner(work, member, "role")
    names = {str(own.id): own.name for own in await repository.roles(work)}
    before, after = names.get(member.role, member.role), names.get(role, role)
    data: dict[str, JsonValue] = {"account_id": str(member.account_id), "from": before, "to": after}
    work.record(Event("member.role_changed", data=data))
    member.role = role


async def _place(work: Work, member: Membership, team: UUID | None) -> None:
    if team is not None and team not in await repository.teams_above(work):
        raise Invalid(problems=[FieldProblem("team", "Choose one of your teams.")])
    before, after = await _names(work, member.team_id, team)
    data: dict[str, JsonValue] = {"account_id": str(member.account_id), "from": before, "to": after}
    work.record(Event("member.moved", data=data))
    member.team_id = team


async def _suspend(work: Work, member: Membership, *, is_suspended: bool) -> None:
    state = MemberState.SUSPENDED if is_suspended else MemberState.ACTIVE
    if state == member.state:
        return
    if member.account_id == work.scope.actor.id:
        raise Invalid(problems=[FieldProblem("suspended", "You cannot suspend yourself.")])
    if is_suspended and member.role == Role.OWNER:
        await _require_another_owner(work, member, "suspended")
    if not is_suspended:
        await seats.require_free_seat(work)
    kind = "member.suspended" if is_suspended else "member.reinstated"
    work.record(Event(kind, data={"account_id": str(member.account_id)}))
    member.state = state.value


async def _require_another_owner(work: Work, member: Membership, field: str) -> None:
    if not await repository.other_owners(work, member.account_id):
        raise Invalid(problems=[FieldProblem(field, "Make somebody else an owner first: an organization needs one.")])


async def define_role(work: Work, command: DefineRole, role_id: UUID | None = None) -> CustomRole:
    """Make a role of one's own, or (`role_id`) say anew what it may do.

    Raises:
        RoleNotFound: there is no such role.
        Invalid: the name is taken, or no role can be like this; the problems name the grants.
        Forbidden: it has, or had, more than the actor has.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    if problems := rules.grant_problems(command.grants) + rules.field_problems(command.fields, command.grants):
        raise Invalid(problems=problems)
    role = await _found_role(work, role_id) if role_id else None
    before = grants_of("", role.grants) if role else {}
    if not rules.may_give(work.scope, command.grants) or not rules.may_give(work.scope, before):
        raise Forbidden("You cannot give or take rights that you do not have.")
    given = {permission.value: extent.value for permission, extent in command.grants.items()}
    if role is None:
        role = CustomRole(organization_id=work.organization_id, id=new_id(), created_at=work.clock.now())
        work.session.add(role)
    kept = {field.value: level.value for field, level in command.fields.items() if level is not FieldLevel.WRITE}
    role.name, role.grants, role.fields = command.name, given, kept
    await _save(work)
    data: dict[str, JsonValue] = {"role_id": str(role.id), "name": role.name, "grants": {**given}, "fields": {**kept}}
    work.record(Event("role.defined", data=data))
    return role


async def remove_role(work: Work, role_id: UUID) -> None:
    """Raises RoleNotFound, and RoleInUse while somebody has it."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    role = await _found_role(work, role_id)
    if having := await repository.with_role(work, str(role_id)):
        raise RoleInUse(f"{having} of your people and invitations have this role. Give them another one first.")
    await work.session.delete(role)
    work.record(Event("role.removed", data={"role_id": str(role_id), "name": role.name}))


async def _team(work: Work, team_id: UUID) -> Team:
    team: Team | None = await work.session.get(Team, (work.organization_id, team_id))
    if team is None:
        raise TeamNotFound
    return team


async def _found_role(work: Work, role_id: UUID) -> CustomRole:
    role = await repository.role(work, role_id)
    if role is None:
        raise RoleNotFound
    return role


async def _own_role(work: Work, name: str) -> CustomRole | None:
    role_id = parse_id(name)
    return await repository.role(work, role_id) if role_id else None


async def is_role(work: Work, role: str) -> bool:
    return role in set(Role) or await _own_role(work, role) is not None


async def grants(work: Work, role: str) -> Grants:
    """What a stored role gives in this organization."""
    own = None if role in set(Role) else await _own_role(work, role)
    return grants_of(role, own.grants if own else None)


async def _save(work: Work) -> None:
    try:
        await work.session.flush()
    except IntegrityError as error:
        for key, noun in UNIQUE_NAMES.items():
            if key in str(error.orig):
                raise Invalid(problems=[FieldProblem("name", f"There is a {noun} of this name already.")]) from error
        raise


async def _names(work: Work, *teams: UUID | None) -> list[str | None]:
    """For people who read later what happened: an id would tell them nothing, least of all of a team that is gone."""
    known: dict[UUID | None, str] = {team.id: team.name for team in await repository.teams(work)}
    return [known.get(team) for team in teams]
