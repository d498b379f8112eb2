"""Walls and doors: row-level security, partitions, the change trigger, and the few functions that cross tenants.

What makes it safe: it adds policies and functions to tables that the revision before it created, empty.
"""

from collections.abc import Sequence

from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261123_walls"
down_revision: str | Sequence[str] | None = "20261123_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TENANT_TABLES = (
    "login_session", "api_key", "event", "idempotency_key", "job", "projection_cursor", "stage", "form",
    "membership", "model_snapshot", "assignment_turn", "lead", "form_submission", "lead_identity", "lead_score",
    "lead_search",
)  # fmt: skip

DEFINER = "LANGUAGE {language} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

ACCOUNTS = """
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY colleagues ON account FOR SELECT TO leadflow_app
    USING (id IN (SELECT account_id FROM membership));
CREATE POLICY sign_up ON account FOR INSERT TO leadflow_app WITH CHECK (true);
REVOKE UPDATE, DELETE ON account FROM leadflow_app;
"""

APPEND_ONLY = "REVOKE UPDATE, DELETE, TRUNCATE ON event FROM leadflow_app"

TOUCH = """
CREATE FUNCTION lead_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER lead_changed BEFORE UPDATE ON lead FOR EACH ROW EXECUTE FUNCTION lead_changed();
"""

PARTITIONS = f"""
CREATE FUNCTION ensure_event_partitions(months_ahead int) RETURNS int {DEFINER.format(language="plpgsql")} AS $$
DECLARE
    start date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
    month date;
    made int := 0;
BEGIN
    FOR i IN 0..least(months_ahead, 24) LOOP
        month := (start + make_interval(months => i))::date;
        IF to_regclass(format('public.event_%s', to_char(month, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE public.event_%s PARTITION OF public.event FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYY_MM'), month::timestamp AT TIME ZONE 'UTC',
                (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE public.event_%s ENABLE ROW LEVEL SECURITY', to_char(month, 'YYYY_MM'));
            EXECUTE format('ALTER TABLE public.event_%s FORCE ROW LEVEL SECURITY', to_char(month, 'YYYY_MM'));
            EXECUTE format('REVOKE ALL ON public.event_%s FROM leadflow_app', to_char(month, 'YYYY_MM'));
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
"""

WHO_IS_IT = f"""
CREATE FUNCTION session_principal(p_token_hash text)
RETURNS TABLE (session_id uuid, organization_id uuid, organization_name text, account_id uuid, name text,
               email text, role text, last_seen_at timestamptz)
{DEFINER.format(language="sql")} STABLE AS $$
    SELECT s.id, s.organization_id, o.name, a.id, a.name, a.email, m.role, s.last_seen_at
    FROM login_session s
    JOIN account a ON a.id = s.account_id
    JOIN organization o ON o.id = s.organization_id
    JOIN membership m ON m.organization_id = s.organization_id AND m.account_id = s.account_id
    WHERE s.token_hash = p_token_hash AND s.ended_at IS NULL AND s.expires_at > now()
$$;
CREATE FUNCTION api_key_principal(p_secret_hash text)
RETURNS TABLE (key_id uuid, organization_id uuid, scopes text[], last_used_at timestamptz)
{DEFINER.format(language="sql")} STABLE AS $$
    SELECT id, organization_id, scopes, last_used_at FROM api_key
    WHERE secret_hash = p_secret_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
$$;
CREATE FUNCTION account_for_login(p_email text)
RETURNS TABLE (account_id uuid, password_hash text, organization_id uuid)
{DEFINER.format(language="sql")} STABLE AS $$
    SELECT a.id, a.password_hash, m.organization_id
    FROM account a LEFT JOIN membership m ON m.account_id = a.id
    WHERE a.email_norm = p_email
    ORDER BY m.created_at LIMIT 1
$$;
CREATE FUNCTION form_organization(p_slug text) RETURNS uuid {DEFINER.format(language="sql")} STABLE AS $$
    SELECT organization_id FROM form WHERE slug = p_slug
$$;
CREATE FUNCTION organizations_named(p_name text) RETURNS SETOF uuid {DEFINER.format(language="sql")} STABLE AS $$
    SELECT id FROM organization WHERE p_name = '' OR lower(name) = lower(p_name) LIMIT 2
$$;
"""

JOBS = f"""
CREATE FUNCTION claim_jobs(p_queue text, p_limit int, p_lease interval, p_max_crashes int)
RETURNS TABLE (id uuid, organization_id uuid, kind text, payload jsonb, attempts int, crashes int, token bigint)
{DEFINER.format(language="sql")} AS $$
    WITH candidate AS (
        SELECT j.organization_id, j.id, j.run_at,
               row_number() OVER (PARTITION BY j.organization_id ORDER BY j.run_at) AS turn
        FROM (
            SELECT * FROM job
            WHERE queue = p_queue AND state IN ('ready', 'running') AND run_at <= now()
              AND (state = 'ready' OR lease_until < now())
            ORDER BY run_at LIMIT 1000
        ) j
    ), due AS (
        SELECT j.organization_id, j.id FROM job j
        JOIN candidate c ON c.organization_id = j.organization_id AND c.id = j.id
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
$$;
CREATE FUNCTION purge_finished(p_older_than interval) RETURNS bigint {DEFINER.format(language="sql")} AS $$
    WITH jobs AS (
        DELETE FROM job WHERE state = 'done' AND finished_at < now() - p_older_than RETURNING 1
    ), answers AS (
        DELETE FROM idempotency_key WHERE created_at < now() - greatest(p_older_than, interval '24 hours') RETURNING 1
    )
    SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM answers)
$$;
"""

LOG_READERS = f"""
CREATE FUNCTION projection_backlog(p_projection text, p_limit int) RETURNS SETOF uuid
{DEFINER.format(language="sql")} AS $$
    SELECT o.id FROM organization o
    LEFT JOIN projection_cursor c ON c.organization_id = o.id AND c.projection = p_projection
    WHERE EXISTS (
        SELECT 1 FROM event e
        WHERE e.organization_id = o.id
          AND (e.xid, e.seq) > (coalesce(c.xid, '0'::xid8), coalesce(c.seq, 0))
          AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
    )
    LIMIT p_limit
$$;
"""

SEARCH = f"""
CREATE FUNCTION search_leads(p_words text, p_limit int) RETURNS SETOF uuid
{DEFINER.format(language="sql")} STABLE AS $$
    SELECT s.lead_id FROM lead_search s
    WHERE s.organization_id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid)
      AND s.words LIKE '%' || replace(replace(replace(lower(p_words), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
    LIMIT p_limit
$$;
"""


def upgrade() -> None:
    for table in TENANT_TABLES:
        for statement in isolate(table):
            op.execute(statement)
    for statement in isolate("organization", key="id"):
        op.execute(statement)
    for block in (ACCOUNTS, APPEND_ONLY, TOUCH, PARTITIONS, WHO_IS_IT, JOBS, LOG_READERS, SEARCH):
        op.execute(block)
    op.execute("SELECT ensure_event_partitions(3)")


def downgrade() -> None:
    for function in (
        "search_leads(text, int)", "projection_backlog(text, int)", "purge_finished(interval)",
        "claim_jobs(text, int, interval, int)", "organizations_named(text)", "form_organization(text)", "account_for_login(text)",
        "api_key_principal(text)", "session_principal(text)", "ensure_event_partitions(int)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TRIGGER lead_changed ON lead")
    op.execute("DROP FUNCTION lead_changed()")
    for table in (*TENANT_TABLES, "organization"):
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY colleagues ON account")
    op.execute("DROP POLICY sign_up ON account")
