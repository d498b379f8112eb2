"""Tables of routing."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, SmallInteger, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words

EVERYBODY: Final = UUID(int=0)
"""The rule of an organization that has made none, in the ledger."""


def _of_member(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", column], ["membership.organization_id", "membership.account_id"], ondelete="CASCADE"
    )


def _count() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class AssignmentRule(TenantRow, table=True):
    """Who takes which leads, and in what way. The first whose conditions hold decides."""

    __tablename__ = "assignment_rule"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    id: UUID = Field(primary_key=True)
    position: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    name: str = words()
    is_on: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    conditions: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    """None: every lead."""
    pool: dict[str, Any] = document()
    strategy: str = words()
    options: dict[str, Any] = document()
    promise: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    """How soon somebody gets in touch; None: whenever they do."""
    created_at: datetime = moment(default_now=True)


class AssignmentStanding(TenantRow, table=True):
    """The fairness ledger: where a person stands in a rule. `fairness.Standing` says what the numbers mean."""

    __tablename__ = "assignment_standing"
    __table_args__ = (_of_member("account_id"),)

    rule_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    start: int = _count()
    weight: int = Field(default=1, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("1")})
    turn: int = _count()
    seen: int = _count()
    given: int = _count()
    credits: int = _count()


class Territory(TenantRow, table=True):
    """Which leads are whose: a lead is of the first territory whose conditions hold."""

    __tablename__ = "territory"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    id: UUID = Field(primary_key=True)
    position: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    name: str = words()
    conditions: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    """None: every lead."""
    pool: dict[str, Any] = document()


class LeadOffer(TenantRow, table=True):
    """A lead that a rule offers to its pool. Over when somebody owns the lead; a trigger sees to that."""

    __tablename__ = "lead_offer"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_lead_offer_rule_id", "organization_id", "rule_id", postgresql_where=text("NOT is_over")),
        Index("ix_lead_offer_until", "organization_id", "until", postgresql_where=text("NOT is_over")),
    )

    lead_id: UUID = Field(primary_key=True)
    rule_id: UUID
    offered_at: datetime = moment()
    until: datetime | None = moment(nullable=True)
    """When it is dealt instead; None: never."""
    is_over: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class Reassignment(TenantRow, table=True):
    """Leads that somebody gave to others at once. Kept for as long as it can be taken back."""

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("ix_reassignment_made_at", "organization_id", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    made_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)


class ReassignedLead(TenantRow, table=True):
    """One lead of a reassignment: whose it was, who shall have it, and how far that has come."""

    __tablename__ = "reassigned_lead"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "reassignment_id"],
            ["reassignment.organization_id", "reassignment.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_reassigned_lead_lead_id", "organization_id", "lead_id"),
    )

    reassignment_id: UUID = Field(primary_key=True)
    lead_id: UUID = Field(primary_key=True)
    from_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    from_team_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """The lead's own: one that nobody owns is of a team nevertheless."""
    to_id: UUID
    state: str = words("planned")
    """planned, then moved or skipped; and once it is taken back, returned or kept."""


class AssignmentTurn(TenantRow, table=True):
    """What the release before kept instead of the ledger; read by nobody, and gone with the next release."""

    __tablename__ = "assignment_turn"
    __table_args__ = (_of_member("account_id"),)

    account_id: UUID = Field(primary_key=True)
    turns: int = _count()


class Absence(TenantRow, table=True):
    """A time in which somebody gets no leads."""

    __tablename__ = "absence"
    __table_args__ = (
        _of_member("account_id"),
        Index("ix_absence_account_id", "organization_id", "account_id", "ends_at"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    note: str = words()


class LeadClock(TenantRow, table=True):
    """Speed to lead: until when somebody gets in touch, and, once somebody has, how long it took."""

    __tablename__ = "lead_clock"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_lead_clock_next", "organization_id", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    lead_id: UUID = Field(primary_key=True)
    rule_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """None: nothing was promised; it is only measured."""
    step: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    """How many fall-backs have been asked."""
    due_at: datetime | None = moment(nullable=True)
    next_at: datetime | None = moment(nullable=True)
    """When there is something to do: a reminder, or `due_at`."""
    breached_at: datetime | None = moment(nullable=True)
    """When a time first ran out."""
    answered_at: datetime | None = moment(nullable=True)
    worked_s: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    """Working time from capture to the first touch, in seconds."""


class Assignment(TenantRow, table=True):
    """The proof of one decision: everything that it was made from, so that it can be made again."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_assignment_lead_id", "organization_id", "lead_id", "id"),
        Index("ix_assignment_chosen", "organization_id", "chosen", "at", postgresql_where=text("chosen IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    lead_id: UUID
    at: datetime = moment()
    rule_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    rule_name: str = words()
    strategy: str = words()
    options: dict[str, Any] = document()
    chosen: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    how: str = words()
    fare: str = words()
    """What it cost: a turn, a turn given back, or nothing."""
    candidates: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb"))
    )
    returned_at: datetime | None = moment(nullable=True)
    """When the turn was given back."""
