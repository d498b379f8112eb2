"""Tables of identity."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Column, ForeignKeyConstraint, Index, Text, Uuid, text
from sqlmodel import Field, SQLModel

from leadflow.kernel.tables import TenantRow, moment, words


class Account(SQLModel, table=True):
    """A person who can log in. One account may belong to several organizations."""

    __tablename__ = "account"
    __table_args__ = (Index("uq_account_email_norm", "email_norm", unique=True),)

    id: UUID = Field(primary_key=True)
    email: str = words()
    email_norm: str = words()
    name: str = words()
    password_hash: str = words()
    created_at: datetime = moment(default_now=True)
    email_verified_at: datetime | None = moment(nullable=True)


class Purpose(StrEnum):
    """What a mail to the holder of an account is about."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - no password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password


class AccountToken(SQLModel, table=True):
    """A link that was sent to the holder of an account: good for one purpose, once, until it expires.

    Accounts belong to no organization and neither do these; the application reaches them through functions alone.
    """

    __tablename__ = "account_token"
    __table_args__ = (
        ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        Index("ix_account_token_account_id", "account_id"),
    )

    token_hash: str = Field(primary_key=True, sa_type=Text)
    account_id: UUID
    purpose: str = words()
    created_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class CaughtMail(TenantRow, table=True):
    """A mail that an installation without a mail server kept instead of sending it; gone after a day."""

    __tablename__ = "caught_mail"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
        Index("ix_caught_mail_created_at", "organization_id", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """None: somebody who has no account, or need not have one."""
    recipient: str = words()
    subject: str = words()
    body: str = words()
    created_at: datetime = moment(default_now=True)


class LoginSession(TenantRow, table=True):
    """A browser that is logged in. Only the SHA-256 of its token is kept."""

    __tablename__ = "login_session"
    __table_args__ = (
        Index("uq_login_session_token_hash", "token_hash", unique=True),
        ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID
    token_hash: str = words()
    user_agent: str = words()
    address: str = words()
    created_at: datetime = moment(default_now=True)
    last_seen_at: datetime = moment(default_now=True)
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class ApiKey(TenantRow, table=True):
    """A key for systems. The secret is shown once; only its SHA-256 is kept."""

    __tablename__ = "api_key"
    __table_args__ = (
        Index("uq_api_key_secret_hash", "secret_hash", unique=True),
        ForeignKeyConstraint(["organization_id", "team_id"], ["team.organization_id", "team.id"]),
    )

    id: UUID = Field(primary_key=True)
    name: str = words()
    prefix: str = words()
    secret_hash: str = words()
    scopes: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default=text("'{}'::text[]"))
    )
    team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """It reaches the leads of this team and those below; None: all."""
    created_by: UUID
    created_at: datetime = moment(default_now=True)
    last_used_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
