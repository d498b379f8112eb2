"""Tables of saved views, and what each person has made of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, Uuid, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class Layout(StrEnum):
    """The page that shows a view."""

    BOARD = "board"
    LIST = "list"


LIVE = "deleted_at IS NULL"
PERSON = ["membership.organization_id", "membership.account_id"]
VIEW = ["saved_view.organization_id", "saved_view.id"]


class SavedView(TenantRow, table=True):
    """A page with its parameters, under a name: one person's own, or shared with everybody."""

    __tablename__ = "saved_view"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "owner_id"], PERSON, ondelete="SET NULL (owner_id)"),
        Index(
            "uq_saved_view_own",
            "organization_id",
            "owner_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text(LIVE),
        ),
        Index(
            "uq_saved_view_shared",
            "organization_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text(f"is_shared AND {LIVE}"),
        ),
        Index(
            "uq_saved_view_default",
            "organization_id",
            "layout",
            unique=True,
            postgresql_where=text(f"is_default AND {LIVE}"),
        ),
        Index(
            "ix_saved_view_deleted", "organization_id", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")
        ),
    )

    id: UUID = Field(primary_key=True)
    owner_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """Who may change it; None: somebody who is gone, so that those who manage settings look after it."""
    name: str = words()
    layout: str = words(Layout.LIST)
    icon: str = words()
    params: dict[str, Any] = document()
    written_by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """Who has said what it holds, and so knows it whatever their role sees: not always its owner."""
    is_shared: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_default: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Opened for whoever has chosen nothing else; only shared ones are."""
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    made_at: datetime = moment(default_now=True)
    changed_at: datetime = moment(default_now=True)
    changed_by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    deleted_at: datetime | None = moment(nullable=True)
    """Since when it is gone from every list; until it is forgotten, that can be taken back."""


class ViewPin(TenantRow, table=True):
    """A view among somebody's tabs. One that they no longer see stays, and is there again when they do."""

    __tablename__ = "view_pin"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "person_id"], PERSON, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "view_id"], VIEW, ondelete="CASCADE"),
        Index("ix_view_pin_view_id", "organization_id", "view_id"),
    )

    person_id: UUID = Field(primary_key=True)
    view_id: UUID = Field(primary_key=True)
    place: int


class ViewDefault(TenantRow, table=True):
    """What somebody's page opens with, whatever their organization has chosen; without a view, with all leads."""

    __tablename__ = "view_default"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "person_id"], PERSON, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "view_id"], VIEW, ondelete="CASCADE"),
        Index("ix_view_default_view_id", "organization_id", "view_id"),
    )

    person_id: UUID = Field(primary_key=True)
    layout: str = Field(primary_key=True, sa_type=Text)
    view_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
