"""What scoring learns from, one example for each lead.

What makes it safe: one new table, and the learners of the release before are left to it: the new one has a name of its
own, and starts with the next outcomes. A process of the release before goes on as it did.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261126_examples"
down_revision: str | Sequence[str] | None = "20261126_holidays"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "scoring_example"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        TABLE,
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("opened", sa.Float(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("told", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ended", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("first", JSONB(), nullable=True),
        sa.Column("last", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "lead_id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name=f"fk_{TABLE}_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        f"ix_{TABLE}_due", TABLE, ["organization_id", "due", "lead_id"], postgresql_where=sa.text("told = ''::text")
    )
    for statement in isolate(TABLE):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(TABLE)
