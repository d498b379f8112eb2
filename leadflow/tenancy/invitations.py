"""Use cases of invitations: a link, valid for some days and once, by which somebody joins; mailed, or shown."""

from datetime import timedelta
from uuid import UUID

from leadflow.identity.rules import email_problem, fingerprint, new_token
from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import jobs, repository, rules, seats, teams
from leadflow.tenancy.commands import Invite, RenewInvitation
from leadflow.tenancy.errors import InvitationNotFound
from leadflow.tenancy.models import Delivery, Invitation

MOST_OPEN = 200


async def invite(work: Work, command: Invite, *, has_mail: bool = False) -> tuple[Invitation, str]:
    """An invitation and the token of its link, which is stored nowhere; no token ("") when the link will be mailed.

    `has_mail`: mail from this installation arrives somewhere. An earlier invitation of the same address ends: whoever
    asks for another link does not leave two lying about.

    Raises:
        Invalid: the address, the role or the team cannot be, or the person is a member already.
        Forbidden: the role has more than the actor.
        SeatsTaken: there is no seat left.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.rights_change(work)
    if problems := await _problems(work, command):
        raise Invalid(problems=problems)
    if not rules.may_give(work.scope, await teams.grants(work, command.role)):
        raise Forbidden("You cannot give rights that you do not have.")
    if work.scope.actor.id is None:
        raise Forbidden("Only a person invites people.")
    now = work.clock.now()
    await repository.end_invitations(work, command.email)
    await seats.require_free_seat(work)
    invitation = Invitation(
        organization_id=work.organization_id,
        id=new_id(),
        email=command.email,
        role=command.role,
        team_id=command.team,
        invited_by=work.scope.actor.id,
        created_at=now,
        expires_at=now + timedelta(days=command.days),
    )
    token = _give_link(work, invitation, by_mail=command.mail and has_mail)
    work.session.add(invitation)
    await work.session.flush()
    work.record(Event("invitation.made", data={"invitation_id": str(invitation.id), "role": command.role}))
    return invitation, token


def _give_link(work: Work, invitation: Invitation, *, by_mail: bool) -> str:
    """Void the link before. The new one's token, or "" when it will be made with the mail that carries it."""
    token = new_token()
    invitation.token_hash = fingerprint(token)
    invitation.mail = (Delivery.WAITING if by_mail else Delivery.BY_HAND).value
    if not by_mail:
        return token
    work.enqueue(jobs.invitation_mail(invitation.id))
    return ""


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


async def renew_invitation(
    work: Work, invitation_id: UUID, command: RenewInvitation, *, has_mail: bool = False
) -> tuple[Invitation, str]:
    """Another link for somebody whose invitation is open, mailed or shown as by `invite`; the one before is void.

    Raises InvitationNotFound, also when it was accepted or revoked, or has expired.
    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await repository.hold_seats(work)
    now = work.clock.now()
    invitation = await repository.invitation(work, invitation_id)
    if invitation is None or invitation.ended_at is not None or invitation.expires_at <= now:
        raise InvitationNotFound("This invitation is not open any more. Invite them again.")
    invitation.expires_at = now + timedelta(days=command.days)
    token = _give_link(work, invitation, by_mail=command.mail and has_mail)
    work.record(Event("invitation.renewed", data={"invitation_id": str(invitation_id)}))
    return invitation, token


async def revoke_invitation(work: Work, invitation_id: UUID) -> None:
    """From now on the link leads nowhere. Raises InvitationNotFound."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    invitation = await repository.invitation(work, invitation_id)
    if invitation is None:
        raise InvitationNotFound
    if invitation.ended_at is None:
        invitation.ended_at = work.clock.now()
        work.record(Event("invitation.revoked", data={"invitation_id": str(invitation_id)}))


async def use_invitation(work: Work, invitation_id: UUID) -> Delivery:
    """Of two who follow a link at once, one gets in; says how the link got to them.

    Raises:
        NotFound: it has been used or revoked, or has expired.
        SeatsTaken: there are fewer seats than there were when it was made.

    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    await seats.require_reserved_seat(work)
    delivery = await repository.use_invitation(work, invitation_id)
    if delivery is None:
        raise NotFound("This invitation has been used or revoked. Ask for another one.")
    work.record(Event("invitation.accepted", data={"invitation_id": str(invitation_id)}))
    return delivery
