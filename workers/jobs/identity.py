"""Writes to the holders of accounts."""

from uuid import UUID

from leadflow.identity import mailing
from leadflow.identity.jobs import MAIL
from leadflow.identity.models import Purpose
from leadflow.infra.jobs import JobRun


async def mail(run: JobRun) -> None:
    """Make the link, then send it with no transaction open. Run again, it makes and sends another one."""
    account_id, purpose = UUID(str(run.job.payload["account_id"])), Purpose(str(run.job.payload["purpose"]))
    async with run.app.work(run.scope) as work:
        message = await mailing.write(work, account_id, purpose, run.app.settings.public_origin)
    if message is not None:
        await run.app.mailer.send(message)


HANDLERS = {MAIL: mail}
