"""Field rights: which fields of leads a role of one's own does not see or set.

What makes it safe: a column with a constant default, which PostgreSQL 11 and newer add without rewriting the table, and
a function with the signature that it had. A process of the release before passes over what it does not know.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "20261126_fields"
down_revision: str | Sequence[str] | None = "20261125_offers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
RIGHTS = f"""
CREATE OR REPLACE FUNCTION session_rights(p_token_hash text)
RETURNS TABLE (session_id uuid, organization_id uuid, organization_name text, account_id uuid, name text, email text,
               role text, last_seen_at timestamptz, team_id uuid, subtree uuid[], grants jsonb, role_name text,
               rights_version bigint)
{DEFINER} AS $$
    SELECT s.id, s.organization_id, o.name, a.id, a.name, a.email, m.role, s.last_seen_at, m.team_id,
           CASE WHEN m.team_id IS NULL THEN '{{{{}}}}' ELSE team_subtree(m.organization_id, m.team_id) END,
           {{grants}}, coalesce(r.name, initcap(m.role)), o.rights_version
    FROM login_session s
    JOIN account a ON a.id = s.account_id
    JOIN organization o ON o.id = s.organization_id
    JOIN membership m ON m.organization_id = s.organization_id AND m.account_id = s.account_id
    LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id::text = m.role
    WHERE s.token_hash = p_token_hash AND s.ended_at IS NULL AND s.expires_at > now() AND m.state = 'active'
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("role", sa.Column("fields", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False))
    op.execute(RIGHTS.format(grants="r.grants || jsonb_build_object('fields', r.fields)"))


def downgrade() -> None:
    op.execute(RIGHTS.format(grants="r.grants"))
    op.drop_column("role", "fields")
