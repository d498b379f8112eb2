"""Teams in a tree, roles of one's own, and leads that belong to their owner's team.

What makes it safe: new tables, and new columns that are empty or have a default, so that no row is rewritten. The
functions that the processes of the release before call stay as they are; those of this release have new names.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from leadflow.infra.rls import isolate

revision: str = "20261125_teams"
down_revision: str | Sequence[str] | None = "20261125_source"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEAD_COLUMNS = ("team_id", "was_owner_id", "was_team_id")
DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# A lead belongs to its owner's team whoever writes it: routing, an import, a person, a statement at the console.
OWNED = """
CREATE OR REPLACE FUNCTION lead_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_xid := pg_current_xact_id();
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NEW.owner_id IS NOT NULL THEN
        SELECT m.team_id INTO NEW.team_id FROM membership m
        WHERE m.organization_id = NEW.organization_id AND m.account_id = NEW.owner_id;
    END IF;
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id OR NEW.team_id IS DISTINCT FROM OLD.team_id THEN
        NEW.was_owner_id := OLD.owner_id;
        NEW.was_team_id := OLD.team_id;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION lead_owned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT m.team_id INTO NEW.team_id FROM membership m
    WHERE m.organization_id = NEW.organization_id AND m.account_id = NEW.owner_id;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_owned BEFORE INSERT ON lead FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL)
    EXECUTE FUNCTION lead_owned();
CREATE FUNCTION member_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lead SET team_id = NEW.team_id
    WHERE organization_id = NEW.organization_id AND owner_id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER member_moved AFTER UPDATE OF team_id ON membership FOR EACH ROW
    WHEN (OLD.team_id IS DISTINCT FROM NEW.team_id) EXECUTE FUNCTION member_moved();
CREATE FUNCTION team_dissolved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE team SET parent_id = OLD.parent_id WHERE organization_id = OLD.organization_id AND parent_id = OLD.id;
    UPDATE membership SET team_id = OLD.parent_id WHERE organization_id = OLD.organization_id AND team_id = OLD.id;
    UPDATE invitation SET team_id = OLD.parent_id WHERE organization_id = OLD.organization_id AND team_id = OLD.id;
    UPDATE lead SET team_id = OLD.parent_id WHERE organization_id = OLD.organization_id AND team_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER team_dissolved BEFORE DELETE ON team FOR EACH ROW EXECUTE FUNCTION team_dissolved();
"""
UNOWNED = """
DROP TRIGGER team_dissolved ON team;
DROP FUNCTION team_dissolved();
DROP TRIGGER member_moved ON membership;
DROP FUNCTION member_moved();
DROP TRIGGER lead_owned ON lead;
DROP FUNCTION lead_owned();
CREATE OR REPLACE FUNCTION lead_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END $$;
"""

RIGHTS = f"""
CREATE FUNCTION team_subtree(p_organization uuid, p_team uuid) RETURNS uuid[] {DEFINER} AS $$
    WITH RECURSIVE below AS (
        SELECT id FROM team WHERE organization_id = p_organization AND id = p_team
        UNION
        SELECT t.id FROM team t JOIN below b ON t.organization_id = p_organization AND t.parent_id = b.id
    )
    SELECT coalesce(array_agg(id), '{{}}') FROM below
$$;
REVOKE EXECUTE ON FUNCTION team_subtree(uuid, uuid) FROM PUBLIC, leadflow_app;
CREATE FUNCTION session_rights(p_token_hash text)
RETURNS TABLE (session_id uuid, organization_id uuid, organization_name text, account_id uuid, name text, email text,
               role text, last_seen_at timestamptz, team_id uuid, subtree uuid[], grants jsonb, rights_version bigint)
{DEFINER} AS $$
    SELECT s.id, s.organization_id, o.name, a.id, a.name, a.email, m.role, s.last_seen_at, m.team_id,
           CASE WHEN m.team_id IS NULL THEN '{{}}' ELSE team_subtree(m.organization_id, m.team_id) END,
           r.grants, o.rights_version
    FROM login_session s
    JOIN account a ON a.id = s.account_id
    JOIN organization o ON o.id = s.organization_id
    JOIN membership m ON m.organization_id = s.organization_id AND m.account_id = s.account_id
    LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id::text = m.role
    WHERE s.token_hash = p_token_hash AND s.ended_at IS NULL AND s.expires_at > now() AND m.state = 'active'
$$;
CREATE FUNCTION sessions_alive(p_ids uuid[]) RETURNS TABLE (session_id uuid, rights_version bigint) {DEFINER} AS $$
    SELECT s.id, o.rights_version
    FROM login_session s
    JOIN organization o ON o.id = s.organization_id
    JOIN membership m ON m.organization_id = s.organization_id AND m.account_id = s.account_id
    WHERE s.id = ANY(p_ids) AND s.ended_at IS NULL AND s.expires_at > now() AND m.state = 'active'
$$;
CREATE FUNCTION invitation_behind(p_token_hash text)
RETURNS TABLE (organization_id uuid, organization_name text, invitation_id uuid, email text, role text, team_id uuid,
               invited_by text, account_id uuid)
{DEFINER} AS $$
    SELECT i.organization_id, o.name, i.id, i.email, i.role, i.team_id, coalesce(b.name, ''), a.id
    FROM invitation i
    JOIN organization o ON o.id = i.organization_id
    LEFT JOIN account b ON b.id = i.invited_by
    LEFT JOIN account a ON a.email_norm = lower(i.email)
    WHERE i.token_hash = p_token_hash AND i.ended_at IS NULL AND i.expires_at > now()
$$;
CREATE OR REPLACE FUNCTION account_for_login(p_email text)
RETURNS TABLE (account_id uuid, password_hash text, organization_id uuid) {DEFINER} AS $$
    SELECT a.id, a.password_hash, m.organization_id
    FROM account a LEFT JOIN membership m ON m.account_id = a.id AND m.state = 'active'
    WHERE a.email_norm = p_email
    ORDER BY m.created_at LIMIT 1
$$;
"""
NO_RIGHTS = """
DROP FUNCTION invitation_behind(text);
DROP FUNCTION sessions_alive(uuid[]);
DROP FUNCTION session_rights(text);
DROP FUNCTION team_subtree(uuid, uuid);
"""


def _tables() -> None:
    op.create_table(
        "team",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_team"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_team_organization_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["team.organization_id", "team.id"],
            name="fk_team_organization_id_parent_id",
        ),
    )
    op.create_index("uq_team_name", "team", ["organization_id", sa.text("lower(name)")], unique=True)
    op.create_table(
        "role",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("grants", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_role"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_role_organization_id", ondelete="CASCADE"
        ),
    )
    op.create_index("uq_role_name", "role", ["organization_id", sa.text("lower(name)")], unique=True)


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_invitation"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_invitation_organization_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "team_id"],
            ["team.organization_id", "team.id"],
            name="fk_invitation_organization_id_team_id",
        ),
    )
    op.create_index("uq_invitation_token_hash", "invitation", ["token_hash"], unique=True)


def upgrade() -> None:
    _tables()
    _invitations()
    for table in ("team", "role", "invitation"):
        for statement in isolate(table):
            op.execute(statement)
    op.add_column(
        "organization", sa.Column("rights_version", sa.BigInteger(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("membership", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("membership", sa.Column("state", sa.Text(), server_default=sa.text("'active'"), nullable=False))
    for column in LEAD_COLUMNS:
        op.add_column("lead", sa.Column(column, sa.Uuid(), nullable=True))
    for table in ("membership", "lead"):
        op.create_foreign_key(
            f"fk_{table}_organization_id_team_id",
            table,
            "team",
            ["organization_id", "team_id"],
            ["organization_id", "id"],
        )
    op.execute(OWNED)
    op.execute(RIGHTS)


def downgrade() -> None:
    op.execute(NO_RIGHTS)
    op.execute(UNOWNED)
    for column in LEAD_COLUMNS:
        op.drop_column("lead", column)
    for column in ("team_id", "state"):
        op.drop_column("membership", column)
    op.drop_column("organization", "rights_version")
    op.drop_table("invitation")
    op.drop_table("role")
    op.drop_table("team")
