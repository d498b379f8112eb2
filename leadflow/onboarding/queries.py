"""What onboarding has to know about earlier log-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work

_LAST = text("""
    SELECT max(created_at) FROM login_session
    WHERE organization_id = :organization_id AND account_id = :account_id AND address = :address
""")


async def last_log_in(work: Work, account_id: UUID, address: str) -> datetime | None:
    """When this account last logged in from this address."""
    row = await work.session.execute(
        _LAST, {"organization_id": work.organization_id, "account_id": account_id, "address": address}
    )
    at: datetime | None = row.scalar()
    return at
