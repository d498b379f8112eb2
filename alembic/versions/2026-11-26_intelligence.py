"""Stories of leads, and what is counted over them.

What makes it safe: two new tables, which a process of the release before knows nothing of. Workers of this release fill
them from the log, from its beginning.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261126_intelligence"
down_revision: str | Sequence[str] | None = "20261126_scoring_versions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("lead_story", "insight_count")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "lead_story",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("story", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _text("source"),
        _text("outcome"),
        _number("day", sa.Integer()),
        _number("value", sa.BigInteger()),
        _text("currency", "EUR"),
        sa.Column("is_bad", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "lead_id", name="pk_lead_story"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_lead_story_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "insight_count",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        _number("amount", sa.BigInteger()),
        sa.PrimaryKeyConstraint("organization_id", "topic", "part", "bucket", name="pk_insight_count"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_insight_count_organization_id", ondelete="CASCADE"
        ),
    )
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _number(name: str, type_: "sa.Integer | sa.BigInteger") -> sa.Column[int]:
    return sa.Column(name, type_, server_default=sa.text("0"), nullable=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
