"""API keys that reach one team and those below, and the organizations between which somebody can switch.

What makes it safe: an empty column and new functions; the one that the processes of the release before call stays.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261125_keys"
down_revision: str | Sequence[str] | None = "20261125_account_mail"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

FUNCTIONS = f"""
CREATE FUNCTION key_rights(p_secret_hash text)
RETURNS TABLE (key_id uuid, organization_id uuid, scopes text[], last_used_at timestamptz, team_id uuid,
               subtree uuid[])
{DEFINER} AS $$
    SELECT k.id, k.organization_id, k.scopes, k.last_used_at, k.team_id,
           CASE WHEN k.team_id IS NULL THEN '{{}}' ELSE team_subtree(k.organization_id, k.team_id) END
    FROM api_key k
    WHERE k.secret_hash = p_secret_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
$$;
CREATE FUNCTION organizations_of(p_account uuid) RETURNS TABLE (organization_id uuid, name text) {DEFINER} AS $$
    SELECT o.id, o.name FROM membership m JOIN organization o ON o.id = m.organization_id
    WHERE m.account_id = p_account AND m.state = 'active' ORDER BY o.name, o.id
$$;
"""


def upgrade() -> None:
    op.add_column("api_key", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_api_key_organization_id_team_id",
        "api_key",
        "team",
        ["organization_id", "team_id"],
        ["organization_id", "id"],
    )
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute("DROP FUNCTION organizations_of(uuid)")
    op.execute("DROP FUNCTION key_rights(text)")
    op.drop_column("api_key", "team_id")
