"""Background work of tenancy."""

from uuid import UUID

from leadflow.kernel.jobs import Job, Queue

INVITATION_MAIL = "tenancy.invitation_mail"


def invitation_mail(invitation_id: UUID) -> Job:
    """Mail an invitation. Nothing secret is in it: the link is made when the mail is."""
    return Job(INVITATION_MAIL, {"invitation_id": str(invitation_id)}, str(invitation_id), Queue.OUTREACH)
