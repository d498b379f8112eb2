"""The audit trail: entries that nobody changes, and the signed end of each organization's chain.

What makes it safe: it creates two empty tables, a trigger on one of them and a function, and touches nothing else.
The projection fills them from the beginning of the log.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from leadflow.infra.rls import isolate

revision: str = "20261125_audit"
down_revision: str | Sequence[str] | None = "20261125_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Not the rights of a role but a trigger: it refuses the owner too, until somebody switches it off on purpose.
APPEND_ONLY = """
CREATE FUNCTION audit_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stands();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM leadflow_app;
REVOKE DELETE, TRUNCATE ON audit_head FROM leadflow_app;
"""

EVERY_ORGANIZATION = """
CREATE FUNCTION every_organization() RETURNS SETOF uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp STABLE AS $$
    SELECT id FROM organization ORDER BY lower(name), id
$$
"""


def text_column(name: str, default: str | None = "''") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(default) if default else None, nullable=False)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        text_column("actor_kind"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        text_column("kind"),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        text_column("source"),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        text_column("previous_hash", None),
        text_column("hash", None),
        sa.PrimaryKeyConstraint("organization_id", "number", name=op.f("pk_audit_entry")),
    )
    op.create_index("uq_audit_entry_event_id", "audit_entry", ["organization_id", "event_id"], unique=True)
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        text_column("hash", None),
        text_column("signature", None),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_audit_head")),
    )
    for table in ("audit_entry", "audit_head"):
        for statement in isolate(table):
            op.execute(statement)
    op.execute(APPEND_ONLY)
    op.execute(EVERY_ORGANIZATION)


def downgrade() -> None:
    op.execute("DROP FUNCTION every_organization()")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION audit_entry_stands()")
    op.execute("DELETE FROM projection_cursor WHERE projection = 'audit'")
