"""The table of trust."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Uuid, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class ScoreTrust(TenantRow, table=True):
    """What an organization wants done while scores are in alarm, which alarms stand, and who has looked at them.

    No row: leads go by their scores, whatever happens, and there is no alarm.
    """

    __tablename__ = "score_trust"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    stops: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether leads wait, instead of going by scores, while an alarm stands."""
    alarms: dict[str, Any] = document()
    """Those that stand and make scores unreliable, by id; kept by routing's projection."""
    passed: dict[str, Any] = document()
    """Those of which somebody said: go on."""
    reason: str = words()
    by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    passed_at: datetime | None = moment(nullable=True)
