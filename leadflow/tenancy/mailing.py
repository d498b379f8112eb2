"""Use cases of invitations by mail: written and handed over by a job."""

from uuid import UUID

from leadflow.identity.ports import Mail, Mailer
from leadflow.identity.rules import fingerprint, new_token
from leadflow.kernel.errors import LeadFlowError
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.tenancy import letters, repository
from leadflow.tenancy.models import Delivery, Invitation
from leadflow.tenancy.service import current_organization


async def write(work: Work, invitation_id: UUID, origin: str) -> tuple[Mail, str] | None:
    """A mail with a link of its own, and that link's fingerprint, all that is stored of it.

    The link before is good for nothing from now on. None when no mail is wanted any more: the invitation has ended, or
    its link was shown to somebody instead.
    """
    work.scope.require(Permission.PEOPLE_MANAGE)
    token = new_token()
    invitation = await repository.give_link(work, invitation_id, fingerprint(token))
    if invitation is None:
        return None
    subject, body = letters.written(await _occasion(work, invitation), origin=origin, token=token)
    return Mail(work.organization_id, None, invitation.email, subject, body), fingerprint(token)


async def _occasion(work: Work, invitation: Invitation) -> letters.Occasion:
    organization = await current_organization(work)
    inviter = next((each for each in await repository.people(work) if each.id == invitation.invited_by), None)
    names = {str(role.id): role.name for role in await repository.roles(work)}
    return letters.Occasion(
        inviter=inviter.name if inviter else "",
        organization=organization.name,
        role=names.get(invitation.role, invitation.role),
        email=invitation.email,
        expires_at=invitation.expires_at,
        time_zone=organization.time_zone,
    )


async def deliver(opens: OpensWork, mailer: Mailer, scope: Scope, invitation_id: UUID, origin: str) -> None:
    """Write an invitation's mail and hand it over with no transaction open. Run again, it sends another link.

    Raises:
        Transient: the mail was not taken, and may be later; the invitation says so meanwhile.
        Permanent: it never will be.

    """
    async with opens.work(scope) as work:
        written = await write(work, invitation_id, origin)
    if written is None:
        return
    mail, token_hash = written
    try:
        await mailer.send(mail)
    except LeadFlowError:
        await _note(opens, scope, invitation_id, token_hash, Delivery.FAILED)
        raise
    await _note(opens, scope, invitation_id, token_hash, Delivery.SENT)


async def _note(opens: OpensWork, scope: Scope, invitation_id: UUID, token_hash: str, delivery: Delivery) -> None:
    async with opens.work(scope) as work:
        await repository.note_mail(work, invitation_id, token_hash, delivery)
