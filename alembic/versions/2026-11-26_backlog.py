"""Who has events that a projection has not read is looked up in the index, one organization after the other.

As a question about all events it was answered by reading the whole log, every second and for every projection.

What makes it safe: it replaces a function by one that gives the same answer.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261126_backlog"
down_revision: str | Sequence[str] | None = "20261126_monitoring"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FUNCTION = """
CREATE OR REPLACE FUNCTION projection_backlog(p_projection text, p_limit int) RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id FROM organization o
    LEFT JOIN projection_cursor c ON c.organization_id = o.id AND c.projection = p_projection
    {unread}
    LIMIT p_limit
$$
"""
AFTER = "e.organization_id = o.id AND (e.xid, e.seq) > (coalesce(c.xid, '0'::xid8), coalesce(c.seq, 0))"
READABLE = "e.xid < pg_snapshot_xmin(pg_current_snapshot())"
# Ordered as the index is, and only the first: there is no other good way to answer it.
FIRST_UNREAD = f"""
    CROSS JOIN LATERAL (
        SELECT 1 FROM event e WHERE {AFTER} AND {READABLE} ORDER BY e.xid, e.seq LIMIT 1
    ) unread
"""
ANY_UNREAD = f"WHERE EXISTS (SELECT 1 FROM event e WHERE {AFTER} AND {READABLE})"


def upgrade() -> None:
    op.execute(FUNCTION.format(unread=FIRST_UNREAD))


def downgrade() -> None:
    op.execute(FUNCTION.format(unread=ANY_UNREAD))
