"""Mail to the holders of accounts: links that work once, and mail that is caught where none is sent.

What makes it safe: it creates tables and functions and adds a nullable column without a default, which rewrites
nothing; what an older process asks and writes stays as it was.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import CURRENT, isolate

revision: str = "20261125_account_mail"
down_revision: str | Sequence[str] | None = "20261125_reach"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EMPTY = sa.text("''")
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# No policy and no right: the functions below are the only way to a token.
CLOSED = """
ALTER TABLE account_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_token FORCE ROW LEVEL SECURITY;
REVOKE ALL ON account_token FROM leadflow_app;
"""

# For people of the organization of this transaction alone.
ADD_TOKEN = f"""
CREATE FUNCTION add_account_token(p_token_hash text, p_account_id uuid, p_purpose text, p_expires_at timestamptz)
RETURNS boolean LANGUAGE sql {DEFINER} AS $$
    WITH added AS (
        INSERT INTO account_token (token_hash, account_id, purpose, expires_at)
        SELECT p_token_hash, m.account_id, p_purpose, p_expires_at FROM membership m
        WHERE m.organization_id = {CURRENT} AND m.account_id = p_account_id
          AND p_purpose IN ('verify_email', 'reset_password') AND p_expires_at < now() + interval '25 hours'
        RETURNING 1
    )
    SELECT EXISTS (SELECT 1 FROM added)
$$;
"""

TOKEN_HOLDER = f"""
CREATE FUNCTION account_token_holder(p_token_hash text, p_purpose text)
RETURNS TABLE (account_id uuid, email text, organization_id uuid, organization_name text)
LANGUAGE sql {DEFINER} STABLE AS $$
    SELECT a.id, a.email, o.id, o.name
    FROM account_token t
    JOIN account a ON a.id = t.account_id
    JOIN membership m ON m.account_id = a.id
    JOIN organization o ON o.id = m.organization_id
    WHERE t.token_hash = p_token_hash AND t.purpose = p_purpose AND t.used_at IS NULL AND t.expires_at > now()
    ORDER BY m.created_at LIMIT 1
$$;
"""

# Whoever comes second waits for the first one's row, and then finds it used.
VERIFY_EMAIL = f"""
CREATE FUNCTION verify_email(p_token_hash text) RETURNS uuid LANGUAGE sql {DEFINER} AS $$
    WITH used AS (
        UPDATE account_token t SET used_at = now()
        WHERE t.token_hash = p_token_hash AND t.purpose = 'verify_email' AND t.used_at IS NULL
          AND t.expires_at > now()
        RETURNING t.account_id
    )
    UPDATE account a SET email_verified_at = coalesce(a.email_verified_at, now()) FROM used
    WHERE a.id = used.account_id RETURNING a.id
$$;
"""

# The only way to another password: through a link that was sent to the account's address. Who can read its mail has
# shown that the address is theirs; and whoever was logged in with the old password is logged out, everywhere.
RESET_PASSWORD = f"""
CREATE FUNCTION reset_password(p_token_hash text, p_password_hash text)
RETURNS TABLE (account_id uuid, organization_id uuid, session_id uuid)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    holder uuid;
BEGIN
    UPDATE account_token t SET used_at = now()
    WHERE t.token_hash = p_token_hash AND t.purpose = 'reset_password' AND t.used_at IS NULL AND t.expires_at > now()
    RETURNING t.account_id INTO holder;
    IF holder IS NULL THEN
        RETURN;
    END IF;
    -- Whoever is logging in with the old password has a session by now, which ends below, or sees the new one.
    PERFORM pg_advisory_xact_lock(hashtextextended(holder::text, 0));
    UPDATE account_token t SET used_at = now()
    WHERE t.account_id = holder AND t.purpose = 'reset_password' AND t.used_at IS NULL;
    UPDATE account a SET password_hash = p_password_hash, email_verified_at = coalesce(a.email_verified_at, now())
    WHERE a.id = holder;
    RETURN QUERY
        WITH ended AS (
            UPDATE login_session s SET ended_at = now()
            WHERE s.account_id = holder AND s.ended_at IS NULL AND s.expires_at > now()
            RETURNING s.organization_id, s.id
        )
        SELECT holder, e.organization_id, e.id FROM (SELECT 1) one LEFT JOIN ended e ON true;
END $$;
"""

PURGE = f"""
CREATE FUNCTION purge_mail(p_older_than interval) RETURNS bigint LANGUAGE sql {DEFINER} AS $$
    WITH caught AS (
        DELETE FROM caught_mail WHERE created_at < now() - p_older_than RETURNING 1
    ), tokens AS (
        DELETE FROM account_token WHERE expires_at < now() - p_older_than RETURNING 1
    )
    SELECT (SELECT count(*) FROM caught) + (SELECT count(*) FROM tokens)
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("account", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "account_token",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _of("account", "account_token", "account_id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_token")),
    )
    op.create_index("ix_account_token_account_id", "account_token", ["account_id"])
    op.create_table(
        "caught_mail",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default=EMPTY, nullable=False)
            for name in ("recipient", "subject", "body")
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _of("organization", "caught_mail", "organization_id"),
        _of("account", "caught_mail", "account_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_caught_mail")),
    )
    op.create_index("ix_caught_mail_created_at", "caught_mail", ["organization_id", "created_at"])
    for statement in (*isolate("caught_mail"), CLOSED):
        op.execute(statement)
    for function in (ADD_TOKEN, TOKEN_HOLDER, VERIFY_EMAIL, RESET_PASSWORD, PURGE):
        op.execute(function)


def _of(parent: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def downgrade() -> None:
    for function in (
        "purge_mail(interval)", "reset_password(text, text)", "verify_email(text)", "account_token_holder(text, text)",
        "add_account_token(text, uuid, text, timestamptz)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("caught_mail")
    op.drop_table("account_token")
    op.drop_column("account", "email_verified_at")
