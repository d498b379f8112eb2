"""Tables of tenancy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from leadflow.kernel.tables import TenantRow, document, moment, words


class Organization(SQLModel, table=True):
    """A tenant. Its row is visible to itself only."""

    __tablename__ = "organization"

    id: UUID = Field(primary_key=True)
    name: str = words()
    time_zone: str = words("UTC")
    settings: dict[str, Any] = document()
    created_at: datetime = moment(default_now=True)


class Membership(TenantRow, table=True):
    """An account's place in an organization."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        Index("ix_membership_account_id", "account_id"),
    )

    account_id: UUID = Field(primary_key=True)
    role: str = words()
    created_at: datetime = moment(default_now=True)
