"""Bands that last: since when a lead is in its band, and who holds it there.

What makes it safe: a new table, and new columns that are empty or have a constant default, which rewrites nothing. A
process of the release before goes by the bands without dwell time, and shows the one by the score.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261126_bands"
down_revision: str | Sequence[str] | None = "20261126_examples"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "score_override"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moments = sa.ARRAY(sa.DateTime(timezone=True))
    op.add_column("lead_score", _moment("band_since"))
    op.add_column("lead_score", sa.Column("band_changes", moments, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("lead", _moment("held_until"))
    op.create_table(
        TABLE,
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.Text(), server_default=sa.text("'warm'"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "lead_id", name="pk_score_override"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_score_override_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_score_override_until", TABLE, ["organization_id", "until"])
    for statement in isolate(TABLE):
        op.execute(statement)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("lead", "held_until")
    for column in ("band_changes", "band_since"):
        op.drop_column("lead_score", column)
