"""Speed to lead: what a rule promises, until when, and how long it took.

What makes it safe: a new table, and new columns that are empty, which rewrites nothing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261125_speed"
down_revision: str | Sequence[str] | None = "20261125_routing"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENTS = ("due_at", "next_at", "breached_at", "answered_at")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("assignment_rule", sa.Column("promise", JSONB(), nullable=True))
    for column in ("touch_due_at", "touch_remind_at"):
        op.add_column("lead", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "lead_clock",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in MOMENTS),
        sa.Column("worked_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "lead_id", name="pk_lead_clock"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_lead_clock_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_lead_clock_next",
        "lead_clock",
        ["organization_id", "next_at"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    for statement in isolate("lead_clock"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("lead_clock")
    for column in ("touch_remind_at", "touch_due_at"):
        op.drop_column("lead", column)
    op.drop_column("assignment_rule", "promise")
