"""The course of a lead's score, in a few bytes beside it.

What makes it safe: two columns with a constant default, which PostgreSQL 11 and newer add without rewriting a table. A
process of the release before leaves them as they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261126_trail"
down_revision: str | Sequence[str] | None = "20261126_intelligence"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = {"lead": "score_trail", "lead_score": "trail"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table, column in COLUMNS.items():
        op.add_column(table, sa.Column(column, sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    for table, column in COLUMNS.items():
        op.drop_column(table, column)
