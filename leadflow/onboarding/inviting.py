"""How often people may be written to because somebody invites them: they have not asked for it."""

from uuid import UUID

from leadflow.onboarding import rules
from leadflow.onboarding.counting import count
from leadflow.onboarding.ports import Application

ENOUGH = "This invitation has been mailed often enough for now, or too many have."


async def count_invitation(app: Application, organization_id: UUID, email: str) -> None:
    """Before somebody is invited by mail.

    Raises:
        TooMany: this address, or the organization as a whole, has been sent enough of them.
    """
    await count(app, rules.invitation_limits(organization_id, email), ENOUGH)


async def count_renewal(app: Application, organization_id: UUID, invitation_id: UUID) -> None:
    """Before an invitation is mailed again. Raises as `count_invitation`."""
    await count(app, rules.renewal_limits(organization_id, invitation_id), ENOUGH)
