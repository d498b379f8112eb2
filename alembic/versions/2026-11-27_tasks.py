"""Tasks: what somebody wants to have done, by when, and when to be reminded of it.

What makes it safe: one new table. A process of the release before knows no tasks.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261127_tasks"
down_revision: str | Sequence[str] | None = "20261127_pool"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "task"
OPEN = "done_at IS NULL AND deleted_at IS NULL"
DONE = "done_at IS NOT NULL AND deleted_at IS NULL"
FIRST = "coalesce(due_at, 'infinity'::timestamptz)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        TABLE,
        _id("organization_id"),
        _id("id"),
        _id("lead_id", nullable=True),
        _text("title"),
        _text("note"),
        _text("kind", "todo"),
        _moment("due_at"),
        sa.Column("all_day", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("remind_at"),
        _text("reminder", "none"),
        _id("assignee_id"),
        _id("created_by_id", nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _moment("done_at"),
        _id("done_by_id", nullable=True),
        _moment("deleted_at"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_task"),
        _key(["organization_id", "lead_id"], ["lead.organization_id", "lead.id"]),
        _key(["organization_id", "assignee_id"], ["membership.organization_id", "membership.account_id"]),
    )
    op.create_index(
        "ix_task_open", TABLE, ["organization_id", "assignee_id", sa.text(FIRST), "id"], postgresql_where=sa.text(OPEN)
    )
    op.create_index(
        "ix_task_done",
        TABLE,
        ["organization_id", "assignee_id", sa.text("done_at DESC"), sa.text("id DESC")],
        postgresql_where=sa.text(DONE),
    )
    _partial("ix_task_lead", "lead_id", "lead_id IS NOT NULL")
    _partial("ix_task_waiting", "remind_at", "reminder = 'waiting'")
    _partial("ix_task_deleted", "deleted_at", "deleted_at IS NOT NULL")
    for statement in isolate(TABLE):
        op.execute(statement)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _key(columns: list[str], targets: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, targets, name=f"fk_{TABLE}_{'_'.join(columns)}", ondelete="CASCADE")


def _partial(name: str, column: str, where: str) -> None:
    op.create_index(name, TABLE, ["organization_id", column], postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_table(TABLE)
