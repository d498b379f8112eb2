"""When it is an organization's turn for what is trained at night."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

NIGHT: Final = time(1)
SPREAD: Final = 4 * 3600
"""Seconds from `NIGHT` on (UTC) over which organizations are spread."""


def tonight(organization_id: UUID, now: datetime) -> datetime:
    """When it is the organization's turn: the same moment of every night."""
    begins = datetime.combine(now.date(), NIGHT, now.tzinfo) + timedelta(seconds=organization_id.int % SPREAD)
    return begins if begins > now else begins + timedelta(days=1)
