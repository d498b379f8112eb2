"""Tables of intelligence: made from the log by its projection, and made anew at any time."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Integer, Text, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, words

ZERO: dict[str, Any] = {"server_default": text("0")}


class LeadStory(TenantRow, table=True):
    """One lead's history as far as insights ask for it, and what reports sum up of it for those who see some leads."""

    __tablename__ = "lead_story"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
    )

    lead_id: UUID = Field(primary_key=True)
    story: dict[str, Any] = document()
    source: str = words()
    outcome: str = words()
    """Empty while it is open, "won" or "lost"."""
    day: int = Field(default=0, sa_type=Integer, sa_column_kwargs=ZERO)
    """The day it came in, counted from 1970, while it is open; then how many days it took."""
    value: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs=ZERO)
    currency: str = words("EUR")
    is_bad: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class InsightCount(TenantRow, table=True):
    """A count over an organization's leads: the sum of what their stories say."""

    __tablename__ = "insight_count"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    topic: str = Field(primary_key=True, sa_type=Text)
    part: str = Field(primary_key=True, sa_type=Text)
    bucket: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    amount: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs=ZERO)
