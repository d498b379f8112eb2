"""Tables of tenancy."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, Index, Integer, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from leadflow.kernel.tables import TenantRow, document, moment, words


class Organization(SQLModel, table=True):
    """A tenant. Its row is visible to itself only."""

    __tablename__ = "organization"

    id: UUID = Field(primary_key=True)
    name: str = words()
    time_zone: str = words("UTC")
    settings: dict[str, Any] = document()
    rights_version: int = Field(default=1, sa_type=BigInteger, sa_column_kwargs={"server_default": text("1")})
    """Grows with every change of who may do or see what: open screens that were drawn under an older one start anew."""
    seats: int | None = Field(default=None, sa_type=Integer, nullable=True)
    """How many people may belong to it, set by whoever runs the installation; None: any number."""
    created_at: datetime = moment(default_now=True)


class Team(TenantRow, table=True):
    """A team, in a tree whose root is the organization itself (no parent)."""

    __tablename__ = "team"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "parent_id"], ["team.organization_id", "team.id"]),
        Index("uq_team_name", "organization_id", text("lower(name)"), unique=True),
    )

    id: UUID = Field(primary_key=True)
    parent_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    name: str = words()
    created_at: datetime = moment(default_now=True)


class CustomRole(TenantRow, table=True):
    """A role of the organization's own: `grants` says how far each permission goes, and leaves out what it has not;
    `fields` says how much it has of a lead's fields, and leaves out what it may read and set.
    """

    __tablename__ = "role"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("uq_role_name", "organization_id", text("lower(name)"), unique=True),
    )

    id: UUID = Field(primary_key=True)
    name: str = words()
    grants: dict[str, str] = document()
    fields: dict[str, str] = document()
    created_at: datetime = moment(default_now=True)


class Delivery(StrEnum):
    """How the link of an invitation gets to whom it is for."""

    BY_HAND = ""
    """It was shown to whoever asked for it."""
    WAITING = "waiting"
    """It will be made when the mail is."""
    SENT = "sent"
    FAILED = "failed"
    """The last attempt to mail it was refused; another may follow."""


class Invitation(TenantRow, table=True):
    """Somebody who may join. Only the SHA-256 of the link's token is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "team_id"], ["team.organization_id", "team.id"]),
        Index("uq_invitation_token_hash", "token_hash", unique=True),
    )

    id: UUID = Field(primary_key=True)
    email: str = words()
    role: str = words()
    team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    token_hash: str = words()
    invited_by: UUID
    created_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    """When it was accepted or revoked."""
    mail: str = words()
    """A `Delivery`."""
    mailed_at: datetime | None = moment(nullable=True)


class MemberState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Membership(TenantRow, table=True):
    """An account's place in an organization."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "team_id"], ["team.organization_id", "team.id"]),
        Index("ix_membership_account_id", "account_id"),
    )

    account_id: UUID = Field(primary_key=True)
    role: str = words()
    """One of the five, or the id of a role of the organization's own."""
    team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    state: str = words("active")
    working_hours: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    """Shifts per weekday; None: always."""
    time_zone: str = words()
    """Of the working hours; empty: the organization's."""
    created_at: datetime = moment(default_now=True)


class Holiday(TenantRow, table=True):
    """A day on which nobody works: in the whole organization, in a team and those below it, or one person."""

    __tablename__ = "holiday"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "team_id"], ["team.organization_id", "team.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["membership.organization_id", "membership.account_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("num_nonnulls(team_id, account_id) <= 1", name="ck_holiday_whose"),
        Index(
            "uq_holiday_day",
            "organization_id",
            "day",
            "name",
            "team_id",
            "account_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_holiday_team_id", "organization_id", "team_id", postgresql_where=text("team_id IS NOT NULL")),
        Index(
            "ix_holiday_account_id", "organization_id", "account_id", postgresql_where=text("account_id IS NOT NULL")
        ),
    )

    id: UUID = Field(primary_key=True)
    day: date = Field(sa_type=Date)
    """From midnight to midnight, wherever each person is."""
    name: str = words()
    team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    account_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    origin: str = words()
    """The country, or country and region ("DE-BY"), whose public holiday it is; empty: somebody added it."""
