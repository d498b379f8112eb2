"""Tables of intake."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class Form(TenantRow, table=True):
    """A hosted form at `/f/<slug>`. Slugs carry a random tail, so they say nothing about other organizations."""

    __tablename__ = "form"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("uq_form_slug", "slug", unique=True),
    )

    id: UUID = Field(primary_key=True)
    slug: str = words()
    title: str = words()
    intro: str = words()
    consent_text: str = words()
    thanks: str = words()
    fields: dict[str, Any] = document()
    is_open: bool = Field(default=True, sa_type=Boolean, sa_column_kwargs={"server_default": text("true")})
    created_at: datetime = moment(default_now=True)


class FormSubmission(TenantRow, table=True):
    """What was sent, and the words that the sender agreed to, as they stood then."""

    __tablename__ = "form_submission"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "form_id"], ["form.organization_id", "form.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_form_submission_lead", "organization_id", "lead_id"),
    )

    id: UUID = Field(primary_key=True)
    form_id: UUID
    lead_id: UUID
    answers: dict[str, Any] = document()
    consent_text: str = words()
    consented: bool = Field(default=False, sa_type=Boolean, sa_column_kwargs={"server_default": text("false")})
    submitted_at: datetime = moment(default_now=True)
