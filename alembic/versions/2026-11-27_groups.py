"""Lists in groups, with sums by currency, answered from an index alone.

What makes it safe: the indexes are built beside running writers and take over their names afterwards; run again after
it was interrupted, it removes what was half built.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261127_groups"
down_revision: str | Sequence[str] | None = "20261127_search"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCORE = "(organization_id, score DESC, id DESC) INCLUDE (stage, band, source, owner_id, team_id, captured_at, value"
TEAM = "(organization_id, team_id, stage) INCLUDE (score, value, band, source, owner_id, captured_at"
AFTER = {"ix_lead_score": f"{SCORE}, currency, country)", "ix_lead_team": f"{TEAM}, currency, country)"}
BEFORE = {"ix_lead_score": f"{SCORE})", "ix_lead_team": f"{TEAM})"}


def upgrade() -> None:
    _build(AFTER)


def downgrade() -> None:
    _build(BEFORE)


def _build(indexes: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for name, columns in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
            op.execute(f"CREATE INDEX CONCURRENTLY {name}_new ON lead {columns}")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
