"""Writes to people who are invited."""

from uuid import UUID

from leadflow.infra.jobs import JobRun
from leadflow.tenancy import mailing
from leadflow.tenancy.jobs import INVITATION_MAIL


async def invitation_mail(run: JobRun) -> None:
    """Make the link and mail it. Run again, it sends another one, and the one before leads nowhere."""
    invitation_id = UUID(str(run.job.payload["invitation_id"]))
    await mailing.deliver(run.app, run.app.mailer, run.scope, invitation_id, run.app.settings.public_origin)


HANDLERS = {INVITATION_MAIL: invitation_mail}
