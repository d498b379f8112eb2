"""Tables of leads that are edited at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Uuid
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class LeadEdit(TenantRow, table=True):
    """A change of many leads at once. Kept for as long as it can be taken back."""

    __tablename__ = "lead_edit"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("ix_lead_edit_made_at", "organization_id", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    made_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    change: dict[str, Any] = document()
    job_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)


class EditedLead(TenantRow, table=True):
    """One lead of such a change: what it said before, and how far that has come."""

    __tablename__ = "edited_lead"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "edit_id"], ["lead_edit.organization_id", "lead_edit.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_edited_lead_lead_id", "organization_id", "lead_id"),
    )

    edit_id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(primary_key=True)
    before: dict[str, Any] = document()
    """The fields that change, as they were; with the stage, since when, and when the lead was closed."""
    state: str = words("planned")
    """planned, then changed or skipped; and once it is taken back, returned or kept."""
