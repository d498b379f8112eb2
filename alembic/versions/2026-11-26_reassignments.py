"""Many leads given to others at once, for as long as that can be taken back.

What makes it safe: two new tables, which a process of the release before knows nothing of. Their keys to lead and
organization take locks that wait two seconds at most.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261126_reassignments"
down_revision: str | Sequence[str] | None = "20261126_fields"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("reassignment", "reassigned_lead")
EMPTY = sa.text("''")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "reassignment",
        _id("organization_id"),
        _id("id"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor_kind", sa.Text(), server_default=EMPTY, nullable=False),
        _id("actor_id", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_reassignment"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_reassignment_organization_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_reassignment_made_at", "reassignment", ["organization_id", "made_at"])
    op.create_table(
        "reassigned_lead",
        _id("organization_id"),
        _id("reassignment_id"),
        _id("lead_id"),
        _id("from_id", nullable=True),
        _id("from_team_id", nullable=True),
        _id("to_id"),
        sa.Column("state", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "reassignment_id", "lead_id", name="pk_reassigned_lead"),
        sa.ForeignKeyConstraint(
            ["organization_id", "reassignment_id"],
            ["reassignment.organization_id", "reassignment.id"],
            name="fk_reassigned_lead_organization_id_reassignment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_reassigned_lead_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reassigned_lead_lead_id", "reassigned_lead", ["organization_id", "lead_id"])
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
