"""Many leads edited at once, for as long as that can be taken back.

What makes it safe: two new tables, which a process of the release before knows nothing of. Their keys to lead and
organization take locks that wait two seconds at most.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261127_bulk"
down_revision: str | Sequence[str] | None = "20261127_views"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("lead_edit", "edited_lead")
EMPTY, NOTHING = sa.text("''"), sa.text("'{}'::jsonb")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "lead_edit",
        _id("organization_id"),
        _id("id"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_kind", sa.Text(), server_default=EMPTY, nullable=False),
        _id("actor_id", nullable=True),
        sa.Column("change", JSONB(), server_default=NOTHING, nullable=False),
        _id("job_id", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_lead_edit"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_lead_edit_organization_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_lead_edit_made_at", "lead_edit", ["organization_id", "made_at"])
    op.create_table(
        "edited_lead",
        _id("organization_id"),
        _id("edit_id"),
        _id("lead_id"),
        sa.Column("before", JSONB(), server_default=NOTHING, nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "edit_id", "lead_id", name="pk_edited_lead"),
        sa.ForeignKeyConstraint(
            ["organization_id", "edit_id"],
            ["lead_edit.organization_id", "lead_edit.id"],
            name="fk_edited_lead_organization_id_edit_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_edited_lead_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_edited_lead_lead_id", "edited_lead", ["organization_id", "lead_id"])
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
