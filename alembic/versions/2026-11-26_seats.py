"""Seats of an organization, and invitations that are sent by mail.

What makes it safe: it adds columns that are empty or have a constant default, which rewrites nothing, and lets a
column be empty. A process of the release before counts no seats and makes invitations whose link is shown, as ever.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261126_seats"
down_revision: str | Sequence[str] | None = "20261126_reassignments"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("organization", sa.Column("seats", sa.Integer(), nullable=True))
    op.add_column("invitation", sa.Column("mail", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("invitation", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever is invited may have no account yet.
    op.alter_column("caught_mail", "account_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM caught_mail WHERE account_id IS NULL")
    op.alter_column("caught_mail", "account_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("invitation", "mailed_at")
    op.drop_column("invitation", "mail")
    op.drop_column("organization", "seats")
