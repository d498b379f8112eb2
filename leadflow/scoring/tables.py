"""Tables of scoring."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class LeadScore(TenantRow, table=True):
    """What is known of a lead for scoring, and why its score is what it is."""

    __tablename__ = "lead_score"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
    )

    lead_id: UUID = Field(primary_key=True)
    features: dict[str, Any] = document()
    score: float = Field(default=0.0, sa_type=Float, sa_column_kwargs={"server_default": text("0")})
    band: str = words("cold")
    explanation: dict[str, Any] = document()
    updated_at: datetime = moment(default_now=True)


class ModelSnapshot(TenantRow, table=True):
    """An organization's learner, saved in the transaction that moved the cursor over what it learned from."""

    __tablename__ = "model_snapshot"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    name: str = Field(primary_key=True, sa_type=Text)
    state: dict[str, Any] = document()
    signature: str = words()
    updated_at: datetime = moment(default_now=True)


class ScoringExample(TenantRow, table=True):
    """A lead as something to learn from: as it was on its first day, and before what the learner was told of it."""

    __tablename__ = "scoring_example"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_scoring_example_due", "organization_id", "due", "lead_id", postgresql_where=text("told = ''::text")),
    )

    lead_id: UUID = Field(primary_key=True)
    opened: float = Field(sa_type=Float)
    """Days since 2020, as `due`."""
    due: float = Field(sa_type=Float)
    told: str = words()
    first: dict[str, Any] = document()
    last: dict[str, Any] = document()
