"""Versions of scoring rules, and backtests.

What makes it safe: two new tables, which a process of the release before knows nothing of; it goes on reading the rules
where they always were.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261126_scoring_versions"
down_revision: str | Sequence[str] | None = "20261126_bands"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("scoring_version", "scoring_backtest")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "scoring_version",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _document("config"),
        _text("reason"),
        sa.Column("restores", sa.Integer(), nullable=True),
        _text("actor_kind"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        _moment("deployed_at"),
        sa.Column("looks", sa.Integer(), nullable=True),
        _count("looked"),
        _count("changed"),
        sa.Column("round", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_score", sa.SmallInteger(), nullable=True),
        sa.Column("last_lead", sa.Uuid(), nullable=True),
        _moment("rescored_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "number", name="pk_scoring_version"),
        _key("scoring_version"),
    )
    op.create_table(
        "scoring_backtest",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _document("config"),
        _count("days"),
        _text("state", "waiting"),
        _count("events"),
        _count("replayed"),
        _document("report"),
        _moment("made_at"),
        _moment("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_scoring_backtest"),
        _key("scoring_backtest"),
    )
    op.create_index("ix_scoring_backtest_made_at", "scoring_backtest", ["organization_id", "made_at"])
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _document(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organization.id"], name=f"fk_{table}_organization_id", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
