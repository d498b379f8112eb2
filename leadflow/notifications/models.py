"""Tables of notifications."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words

UNREAD = "read_at IS NULL"


def _of_a_member() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", "person_id"],
        ["membership.organization_id", "membership.account_id"],
        ondelete="CASCADE",
    )


class Notification(TenantRow, table=True):
    """What somebody is told. While it is unread, more of the same group raises its count and moves it up."""

    __tablename__ = "notification"
    __table_args__ = (
        _of_a_member(),
        Index("ix_notification_person", "organization_id", "person_id", text("last_at DESC"), text("id DESC")),
        Index(
            "ix_notification_unread",
            "organization_id",
            "person_id",
            "kind",
            "group_key",
            postgresql_where=text(UNREAD),
        ),
        Index("ix_notification_last_at", "organization_id", "last_at"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID
    kind: str = words()
    group_key: str = words()
    is_about_leads: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Told only to who reaches one of its leads."""
    count: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    data: dict[str, Any] = document()
    first_at: datetime = moment()
    last_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)


class NotifiedLead(TenantRow, table=True):
    """A lead that a notification is about: gone with either."""

    __tablename__ = "notification_lead"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "notification_id"],
            ["notification.organization_id", "notification.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_notification_lead_lead_id", "organization_id", "lead_id"),
    )

    notification_id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(primary_key=True)
    at: datetime = moment()


class Preference(TenantRow, table=True):
    """That somebody wants notifications of a kind, or does not; without a row, as the kind has it."""

    __tablename__ = "notification_preference"
    __table_args__ = (_of_a_member(),)

    person_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, sa_type=Text)
    in_app: bool


class Mark(TenantRow, table=True):
    """How far the log has been told of. Kept apart from the projection's cursor, so that reading the log anew tells
    nobody again.
    """

    __tablename__ = "notification_mark"

    xid: int = Field(default=0, sa_type=BigInteger)
    seq: int = Field(default=0, sa_type=BigInteger)
