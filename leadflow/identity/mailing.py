"""Use cases of mail to the holders of accounts: written by a job, and kept where there is no mail server."""

from datetime import datetime
from uuid import UUID

from leadflow.identity import letters, repository, rules
from leadflow.identity.models import CaughtMail, Purpose
from leadflow.identity.ports import Mail
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work


async def write(work: Work, account_id: UUID, purpose: Purpose, origin: str) -> Mail | None:
    """A mail with a link of its own, of which only a hash is stored; None when there is nobody to write to any more."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    account = await repository.get_account(work, account_id)
    if account is None or (purpose is Purpose.VERIFY_EMAIL and account.email_verified_at is not None):
        return None
    token = ""
    if lifetime := rules.TOKEN_LIFETIMES.get(purpose):
        token = rules.new_token()
        expires_at: datetime = work.clock.now() + lifetime
        if not await repository.add_token(work, rules.fingerprint(token), account_id, purpose, expires_at):
            return None
    subject, body = letters.written(purpose, name=account.name, email=account.email, origin=origin, token=token)
    return Mail(work.organization_id, account_id, account.email, subject, body)


def keep(work: Work, message: Mail) -> None:
    """Catch a mail instead of sending it."""
    work.session.add(
        CaughtMail(
            organization_id=work.organization_id,
            id=new_id(),
            account_id=message.account_id,
            recipient=message.recipient,
            subject=message.subject,
            body=message.body,
            created_at=work.clock.now(),
        )
    )


async def caught(work: Work) -> list[CaughtMail]:
    """What was kept for people of the organization within the last day, latest first."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    return await repository.caught_mail(work, since=work.clock.now() - rules.CAUGHT_FOR)
