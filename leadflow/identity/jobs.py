"""Background work of identity."""

from uuid import UUID

from leadflow.identity.models import Purpose
from leadflow.kernel.jobs import Job, Queue

MAIL = "identity.mail"


def mail(account_id: UUID, purpose: Purpose) -> Job:
    """Write to the holder of an account. Nothing secret is in it: the link is made when the mail is."""
    payload = {"account_id": str(account_id), "purpose": purpose.value}
    return Job(MAIL, payload, f"{purpose.value}:{account_id}", Queue.OUTREACH)
