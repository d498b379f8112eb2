"""Use cases of invitations: a link, valid for some days and once, by which somebody joins."""

from datetime import timedelta
from uuid import UUID

from leadflow.identity.rules import email_problem, fingerprint, new_token
from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import repository, rules, teams
from leadflow.tenancy.commands import Invite
from leadflow.tenancy.errors import InvitationNotFound
from leadflow.tenancy.models import Invitation

MOST_OPEN = 200


async def invite(work: Work, command: Invite) -> tuple[Invitation, str]:
    """An invitation and the token of its link, which is stored nowhere.

    An earlier one to the same address ends: whoever asks for another link does not leave two lying about.

    Raises:
        Invalid: the address, the role or the team cannot be, or the person is a member already.
        Forbidden: the role has more than the actor.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    if problems := await _problems(work, command):
        raise Invalid(problems=problems)
    if not rules.may_give(work.scope, await teams.grants(work, command.role)):
        raise Forbidden("You cannot give rights that you do not have.")
    if work.scope.actor.id is None:
        raise Forbidden("Only a person invites people.")
    now, token = work.clock.now(), new_token()
    await repository.end_invitations(work, command.email)
    invitation = Invitation(
        organization_id=work.organization_id,
        id=new_id(),
        email=command.email,
        role=command.role,
        team_id=command.team,
        token_hash=fingerprint(token),
        invited_by=work.scope.actor.id,
        created_at=now,
        expires_at=now + timedelta(days=command.days),
    )
    work.session.add(invitation)
    await work.session.flush()
    work.record(Event("invitation.made", data={"invitation": str(invitation.id), "role": command.role}))
    return invitation, token


async def _problems(work: Work, command: Invite) -> list[FieldProblem]:
    problems = []
    if problem := email_problem(command.email):
        problems.append(problem)
    if any(person.email.casefold() == command.email.casefold() for person in await repository.people(work)):
        problems.append(FieldProblem("email", "This person belongs to your organization already."))
    if not await teams.is_role(work, command.role):
        problems.append(FieldProblem("role", "Choose one of the roles."))
    if command.team is not None and command.team not in await repository.teams_above(work):
        problems.append(FieldProblem("team", "Choose one of your teams."))
    if len(await repository.open_invitations(work)) >= MOST_OPEN:
        problems.append(FieldProblem("email", f"{MOST_OPEN} invitations are open. Revoke some first."))
    return problems


async def open_invitations(work: Work) -> list[Invitation]:
    """Those that can still be accepted, latest first."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    return await repository.open_invitations(work)


async def revoke_invitation(work: Work, invitation_id: UUID) -> None:
    """From now on the link leads nowhere. Raises InvitationNotFound."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    invitation = await repository.invitation(work, invitation_id)
    if invitation is None:
        raise InvitationNotFound
    if invitation.ended_at is None:
        invitation.ended_at = work.clock.now()
        work.record(Event("invitation.revoked", data={"invitation": str(invitation_id)}))


async def use_invitation(work: Work, invitation_id: UUID) -> None:
    """Of two who follow a link at once, one gets in. Raises NotFound when it has been used, revoked or has expired."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    if not await repository.use_invitation(work, invitation_id):
        raise NotFound("This invitation has been used or revoked. Ask for another one.")
    work.record(Event("invitation.accepted", data={"invitation": str(invitation_id)}))
