"""Tables and fixed words of leads."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, SmallInteger, Text, Uuid, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, Xid8, document, moment, words


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class IdentityKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class Touch(StrEnum):
    """What a person does with a lead; the first of these stops the speed-to-lead clock."""

    NOTE = "note"
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"


class Stage(TenantRow, table=True):
    """A step of the organization's pipeline."""

    __tablename__ = "stage"

    key: str = Field(primary_key=True, sa_type=Text)
    name: str = words()
    position: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    kind: str = words(StageKind.OPEN)


DEFAULT_STAGES: tuple[tuple[str, str, StageKind], ...] = (
    ("new", "New", StageKind.OPEN),
    ("contacted", "Contacted", StageKind.OPEN),
    ("qualified", "Qualified", StageKind.OPEN),
    ("proposal", "Proposal", StageKind.OPEN),
    ("won", "Won", StageKind.WON),
    ("lost", "Lost", StageKind.LOST),
)


class Lead(TenantRow, table=True):
    """A person or company that may buy.

    `changed_xid` and `version` are kept by a trigger: the transaction of the last change, and how many there were.
    """

    __tablename__ = "lead"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "stage"], ["stage.organization_id", "stage.key"]),
        ForeignKeyConstraint(["organization_id", "owner_id"], ["membership.organization_id", "membership.account_id"]),
        ForeignKeyConstraint(["organization_id", "team_id"], ["team.organization_id", "team.id"]),
        # With what is filtered by and summed up: which leads, and how many, is then read from the index alone.
        Index(
            "ix_lead_board",
            "organization_id",
            "stage",
            text("score DESC"),
            text("id DESC"),
            postgresql_include=["band", "source", "owner_id", "team_id", "captured_at", "value"],
        ),
        Index(
            "ix_lead_score",
            "organization_id",
            text("score DESC"),
            text("id DESC"),
            postgresql_include=[
                "stage",
                "band",
                "source",
                "owner_id",
                "team_id",
                "captured_at",
                "value",
                "currency",
                "country",
            ],
        ),
        Index("ix_lead_captured", "organization_id", text("captured_at DESC"), text("id DESC")),
        Index("ix_lead_name", "organization_id", "name", "id"),
        Index("ix_lead_company", "organization_id", "company", "id"),
        Index("ix_lead_source", "organization_id", "source"),
        Index(
            "ix_lead_domain",
            "organization_id",
            "domain",
            text("captured_at DESC"),
            postgresql_where=text("domain <> ''"),
        ),
        Index("ix_lead_owner_id", "organization_id", "owner_id"),
        Index(
            "ix_lead_team",
            "organization_id",
            "team_id",
            "stage",
            postgresql_include=["score", "value", "band", "source", "owner_id", "captured_at", "currency", "country"],
        ),
        Index("ix_lead_value", "organization_id", text("value DESC"), text("id DESC")),
        Index("ix_lead_changed", "organization_id", "changed_xid"),
        Index("ix_lead_hot", "organization_id", "stage", postgresql_where=text("band = 'hot'")),
        Index(
            "ix_lead_closed",
            "organization_id",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    name: str = words()
    company: str = words()
    title: str = words()
    email: str = words()
    phone: str = words()
    domain: str = words()
    country: str = words()
    source: str = words()
    stage: str = words("new")
    owner_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """The owner's team, which the database sees to; None: the organization itself."""
    was_owner_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    was_team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """Where it was before owner or team last changed: whose screens it has to leave."""
    value: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    currency: str = words("EUR")
    score: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    score_delta: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    band: str = words("cold")
    held_until: datetime | None = moment(nullable=True)
    """Until when somebody holds it in this band; scoring sees to it."""
    score_trail: str = words()
    """The score over the last two weeks, as scoring writes it."""
    reason: str = words()
    custom: dict[str, Any] = document()
    facts: dict[str, Any] = document()
    captured_at: datetime = moment(default_now=True)
    stage_at: datetime = moment(default_now=True)
    touched_at: datetime | None = moment(nullable=True)
    touch_due_at: datetime | None = moment(nullable=True)
    """Until when somebody gets in touch, where a rule promises it; routing sees to it."""
    touch_remind_at: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    changed_xid: int = Field(sa_column=Column(Xid8, nullable=False, server_default=text("pg_current_xact_id()")))


class LeadIdentity(TenantRow, table=True):
    """A normalised e-mail address or phone number, and the one lead that it belongs to."""

    __tablename__ = "lead_identity"
    __table_args__ = (
        # Deferred: a capture claims its identities first, and only then knows whether there is a lead to insert.
        ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_lead_identity_lead_id", "organization_id", "lead_id"),
    )

    kind: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(primary_key=True, sa_type=Text)
    lead_id: UUID


class LeadSearch(TenantRow, table=True):
    """What search looks through, apart from the lead so that a new score does not rewrite a trigram index."""

    __tablename__ = "lead_search"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index(
            "ix_lead_search_words",
            "organization_id",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )

    lead_id: UUID = Field(primary_key=True)
    words: str = words()
