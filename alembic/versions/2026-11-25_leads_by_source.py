"""Leads of one source, counted without going through all.

What makes it safe: the index is built beside running writers, and what an interrupted run left half built is removed
first.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261125_source"
down_revision: str | Sequence[str] | None = "20261125_lists"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_lead_source")
        op.execute("CREATE INDEX CONCURRENTLY ix_lead_source ON lead (organization_id, source)")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_lead_source")
