"""Table and fixed words of tasks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Uuid, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, moment, words


class TaskKind(StrEnum):
    """What is to be done."""

    PLAIN = "todo"
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"


class Reminder(StrEnum):
    """Where a task's reminder stands: it waits for its moment, then it is shown until somebody answers it."""

    NONE = "none"
    WAITING = "waiting"
    SHOWN = "shown"


OPEN = "done_at IS NULL AND deleted_at IS NULL"


class Task(TenantRow, table=True):
    """Something to be done by somebody, about a lead or about nothing in particular."""

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["organization_id", "assignee_id"],
            ["membership.organization_id", "membership.account_id"],
            ondelete="CASCADE",
        ),
        Index(
            "ix_task_open",
            "organization_id",
            "assignee_id",
            text("coalesce(due_at, 'infinity'::timestamptz)"),
            "id",
            postgresql_where=text(OPEN),
        ),
        Index(
            "ix_task_done",
            "organization_id",
            "assignee_id",
            text("done_at DESC"),
            text("id DESC"),
            postgresql_where=text("done_at IS NOT NULL AND deleted_at IS NULL"),
        ),
        Index("ix_task_lead", "organization_id", "lead_id", postgresql_where=text("lead_id IS NOT NULL")),
        Index("ix_task_waiting", "organization_id", "remind_at", postgresql_where=text("reminder = 'waiting'")),
        Index("ix_task_deleted", "organization_id", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    lead_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    title: str = words()
    note: str = words()
    kind: str = words(TaskKind.PLAIN)
    due_at: datetime | None = moment(nullable=True)
    all_day: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Due on a day rather than at a time: `due_at` is then the end of that day, where whoever said so was."""
    remind_at: datetime | None = moment(nullable=True)
    reminder: str = words(Reminder.NONE)
    assignee_id: UUID
    created_by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    created_at: datetime = moment(default_now=True)
    done_at: datetime | None = moment(nullable=True)
    done_by_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    deleted_at: datetime | None = moment(nullable=True)
    """Since when it is gone from every list; until it is forgotten, that can be taken back."""
    version: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
