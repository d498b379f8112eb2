"""Lists and counts of one's own leads, a team's or a subtree's, answered from an index as all are.

What makes it safe: the indexes are built beside running writers and take over their names afterwards; run again after
it was interrupted, it removes what was half built.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261125_reach"
down_revision: str | Sequence[str] | None = "20261125_teams"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BOARD = "(organization_id, stage, score DESC, id DESC)"
SCORE = "(organization_id, score DESC, id DESC)"
REBUILT = {
    "ix_lead_board": f"{BOARD} INCLUDE (band, source, owner_id, team_id, captured_at, value)",
    "ix_lead_score": f"{SCORE} INCLUDE (stage, band, source, owner_id, team_id, captured_at, value)",
}
BEFORE = {
    "ix_lead_board": f"{BOARD} INCLUDE (band, source, owner_id, captured_at)",
    "ix_lead_score": f"{SCORE} INCLUDE (stage, band, source, owner_id, captured_at, value)",
}
ADDED = {
    "ix_lead_owner_id": "(organization_id, owner_id)",
    "ix_lead_team": "(organization_id, team_id, stage) INCLUDE (score, value, band, source, owner_id, captured_at)",
}


def upgrade() -> None:
    _build(REBUILT | ADDED)


def downgrade() -> None:
    _build(BEFORE)
    with op.get_context().autocommit_block():
        for name in ADDED:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _build(indexes: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for name, columns in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
            op.execute(f"CREATE INDEX CONCURRENTLY {name}_new ON lead {columns}")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
