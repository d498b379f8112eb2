"""Tables of scoring."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
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
    """By the score alone; while somebody holds it in another, the lead itself says which."""
    band_since: datetime | None = moment(nullable=True)
    """None: for longer than the dwell time."""
    band_changes: list[datetime] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(DateTime(timezone=True)), nullable=False, server_default=text("'{}'")),
    )
    """When it changed, in order; those of the 30 days before the last one."""
    trail: str = words()
    """The score over the last two weeks; see `scoring.trail`."""
    explanation: dict[str, Any] = document()
    updated_at: datetime = moment(default_now=True)


class ScoreOverride(TenantRow, table=True):
    """Somebody holds a lead in a band until a moment, whatever its score says.

    It is no part of `lead_score`, which is made from the log and may be made anew.
    """

    __tablename__ = "score_override"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        Index("ix_score_override_until", "organization_id", "until"),
    )

    lead_id: UUID = Field(primary_key=True)
    band: str = words("warm")
    until: datetime = moment()
    reason: str = words()
    by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """None: no person, but a system with a key."""
    made_at: datetime = moment(default_now=True)


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
    ended: str = words()
    first: dict[str, Any] | None = Field(default=None, sa_type=JSONB, nullable=True)
    last: dict[str, Any] = document()


def _count() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """An `integer` column that starts at zero."""
    return Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})


class ScoringVersion(TenantRow, table=True):
    """A scoring configuration that went live, and how far the scores of open leads have followed it.

    The live one is also `organization.settings -> 'scoring'`, where scoring reads it. There is no row for number 0: the
    rules that everybody starts with.
    """

    __tablename__ = "scoring_version"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    number: int = Field(primary_key=True, sa_type=Integer)
    config: dict[str, Any] = document()
    reason: str = words()
    restores: int | None = Field(default=None, sa_type=Integer, nullable=True)
    """The number of the version that this one went back to."""
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    deployed_at: datetime = moment()
    looks: int | None = Field(default=None, sa_type=Integer, nullable=True)
    """How often a lead has to be looked at, in both rounds together; None: not counted yet."""
    looked: int = _count()
    changed: int = _count()
    """Leads whose shown score or band has changed."""
    round: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")})
    """-1 (among all) and 0 (among few): leads that are hot or come into another band; 1: all others."""
    last_score: int | None = Field(default=None, sa_type=SmallInteger, nullable=True)
    last_lead: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    """The place in the present round: by score, highest first."""
    rescored_at: datetime | None = moment(nullable=True)


class ScoringBacktest(TenantRow, table=True):
    """A proposed configuration, and what it would have done; kept for some days."""

    __tablename__ = "scoring_backtest"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("ix_scoring_backtest_made_at", "organization_id", "made_at"),
    )

    id: UUID = Field(primary_key=True)
    config: dict[str, Any] = document()
    days: int = _count()
    state: str = words("waiting")
    events: int = _count()
    """Of the log that it replays."""
    replayed: int = _count()
    report: dict[str, Any] = document()
    made_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
