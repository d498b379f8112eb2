"""Lists that are read from an index alone, and claims that cost the same whatever the planner believes.

What makes it safe: the new indexes are built beside the old ones without locking out writers, and take over their
names afterwards; run again after it was interrupted, it removes what was half built. The function keeps its name,
arguments and answer. A setting of how file parts are stored concerns parts written from now on.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261125_lists"
down_revision: str | Sequence[str] | None = "20261123_imports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BOARD = "(organization_id, stage, score DESC, id DESC)"
SCORE = "(organization_id, score DESC, id DESC)"
COVERED = {
    "ix_lead_board": f"{BOARD} INCLUDE (band, source, owner_id, captured_at)",
    "ix_lead_score": f"{SCORE} INCLUDE (stage, band, source, owner_id, captured_at, value)",
}
PLAIN = {"ix_lead_board": BOARD, "ix_lead_score": SCORE}

# A queue is empty when it is analysed and full a moment later: joined by id, the planner went through all due jobs
# once for each due job (measured: 467 ms for 766 of them). A row's own address leaves it no choice.
CLAIMS = """
CREATE OR REPLACE FUNCTION claim_jobs(p_queue text, p_limit int, p_lease interval, p_max_crashes int)
RETURNS TABLE (id uuid, organization_id uuid, kind text, payload jsonb, attempts int, crashes int, token bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH candidate AS MATERIALIZED (
        SELECT j.place, j.run_at, row_number() OVER (PARTITION BY j.organization_id ORDER BY j.run_at) AS turn
        FROM (
            SELECT ctid AS place, organization_id, run_at FROM job
            WHERE queue = p_queue AND state IN ('ready', 'running') AND run_at <= now()
              AND (state = 'ready' OR lease_until < now())
            ORDER BY run_at LIMIT 1000
        ) j
    ), due AS MATERIALIZED (
        SELECT j.organization_id, j.id FROM candidate c JOIN job j ON j.ctid = c.place
        WHERE j.state = 'ready' OR (j.state = 'running' AND j.lease_until < now())
        ORDER BY c.turn, c.run_at LIMIT p_limit
        FOR UPDATE OF j SKIP LOCKED
    ), claimed AS (
        UPDATE job j SET
            crashes = j.crashes + (j.state = 'running')::int,
            state = CASE WHEN j.state = 'running' AND j.crashes + 1 >= p_max_crashes
                         THEN 'quarantined' ELSE 'running' END,
            attempts = j.attempts + 1,
            token = j.token + 1,
            lease_until = now() + p_lease,
            last_error = CASE WHEN j.state = 'running' THEN 'the worker died while running it' ELSE j.last_error END
        FROM due WHERE j.organization_id = due.organization_id AND j.id = due.id
        RETURNING j.*
    )
    SELECT id, organization_id, kind, payload, attempts, crashes, token FROM claimed WHERE state = 'running'
$$
"""

# An index alone answers only for pages that a vacuum has seen since they were written; and a queue's statistics age
# within minutes. The defaults wait until a fifth of a table has changed.
VACUUM = {
    "lead": {"autovacuum_vacuum_scale_factor": 0.03, "autovacuum_vacuum_insert_scale_factor": 0.03},
    "job": {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_analyze_scale_factor": 0.02},
}


def upgrade() -> None:
    op.execute(CLAIMS)
    op.execute("ALTER TABLE import_part ALTER COLUMN content SET STORAGE EXTERNAL")
    for table, options in VACUUM.items():
        op.execute(f"ALTER TABLE {table} SET ({', '.join(f'{name} = {value}' for name, value in options.items())})")
    # What is not merged into the index yet is read from end to end by every search: 1 MB of it instead of 4.
    op.execute("ALTER INDEX ix_lead_search_words SET (gin_pending_list_limit = 1024)")
    _build(COVERED)


def downgrade() -> None:
    """The function stays: what it did before, it does now."""
    _build(PLAIN)
    op.execute("ALTER INDEX ix_lead_search_words RESET (gin_pending_list_limit)")
    for table, options in VACUUM.items():
        op.execute(f"ALTER TABLE {table} RESET ({', '.join(options)})")
    op.execute("ALTER TABLE import_part ALTER COLUMN content SET STORAGE EXTENDED")


def _build(indexes: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for name, columns in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
            op.execute(f"CREATE INDEX CONCURRENTLY {name}_new ON lead {columns}")
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
