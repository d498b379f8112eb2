"""Tables of monitoring."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


def _sum() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """A sum in `tally.UNIT`."""
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


def _count() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    return Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")})


class ModelGrade(TenantRow, table=True):
    """What a model said of the examples of a day before it learned them, against how they ended: `tally.Tally`.

    Written in the transaction that moved the cursor over them, and anew when everything is learned anew.
    """

    __tablename__ = "model_grade"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    model: str = Field(primary_key=True, sa_type=Text)
    day: date = Field(primary_key=True, sa_type=Date)
    """Of the events, UTC."""
    weight: int = _sum()
    wins: int = _sum()
    said: int = _sum()
    log_loss: int = _sum()
    expected_loss: int = _sum()
    usual_loss: int = _sum()
    brier: int = _sum()
    more: int = _sum()
    fewer: int = _sum()
    flatter: int = _sum()
    bins: dict[str, Any] = document()


class ModelLesson(TenantRow, table=True):
    """What a model thought before its first lesson of a day and after its last one, and what it was taught."""

    __tablename__ = "model_lesson"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    model: str = Field(primary_key=True, sa_type=Text)
    day: date = Field(primary_key=True, sa_type=Date)
    before: dict[str, Any] = document()
    after: dict[str, Any] = document()
    seen: dict[str, Any] = document()
    """Outcomes by feature: won and lost."""


class ScoringDay(TenantRow, table=True):
    """What leads became for the learner on a day: how many it was told of, and how many it was told otherwise."""

    __tablename__ = "scoring_day"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    day: date = Field(primary_key=True, sa_type=Date)
    won: int = _count()
    lost: int = _count()
    timed_out: int = _count()
    taken_back: int = _count()


class ScoringInput(TenantRow, table=True):
    """What came in on a day: values of new leads by attribute, and behaviours, counted."""

    __tablename__ = "scoring_input"
    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),)

    day: date = Field(primary_key=True, sa_type=Date)
    leads: int = _count()
    facts: dict[str, Any] = document()
    behaviours: dict[str, Any] = document()


class ScoringAlarm(TenantRow, table=True):
    """Something about the scores that somebody should look at; at most one of a cause stands."""

    __tablename__ = "scoring_alarm"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index(
            "uq_scoring_alarm_standing",
            "organization_id",
            "cause",
            unique=True,
            postgresql_where=text("cleared_at IS NULL"),
        ),
        Index("ix_scoring_alarm_raised_at", "organization_id", "raised_at"),
    )

    id: UUID = Field(primary_key=True)
    cause: str = words()
    stops: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether scores are not to be relied upon while it stands."""
    evidence: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")))
    raised_at: datetime = moment()
    cleared_at: datetime | None = moment(nullable=True)
