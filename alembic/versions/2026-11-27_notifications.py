"""Notifications: what somebody should hear about, which of it they want, and how far the log has been told of.

What makes it safe: new tables. For organizations that are there already it begins now: nobody is told of their past.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261127_notifications"
down_revision: str | Sequence[str] | None = "20261127_bulk"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("notification", "notification_lead", "notification_preference", "notification_mark")
# With the last of its leads a notification goes too.
GONE = """
CREATE FUNCTION notification_lead_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM notification n USING gone
    WHERE n.organization_id = gone.organization_id AND n.id = gone.notification_id AND NOT EXISTS (
        SELECT 1 FROM notification_lead o
        WHERE o.organization_id = gone.organization_id AND o.notification_id = gone.notification_id);
    RETURN NULL;
END $$;
CREATE TRIGGER notification_lead_gone AFTER DELETE ON notification_lead
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION notification_lead_gone();
"""
BEGIN_NOW = """
    INSERT INTO notification_mark (organization_id, xid, seq)
    SELECT o.id, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0 FROM organization o
"""
READ_FROM_NOW = """
    INSERT INTO projection_cursor (organization_id, projection, xid, seq)
    SELECT o.id, 'notifications', pg_snapshot_xmin(pg_current_snapshot()), 0 FROM organization o
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "notification",
        _id("organization_id"),
        _id("id"),
        _id("person_id"),
        _text("kind"),
        _text("group_key"),
        sa.Column("is_about_leads", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("data", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _moment("first_at"),
        _moment("last_at"),
        _moment("read_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_notification"),
        _of_a_member("notification"),
    )
    op.create_index(
        "ix_notification_person",
        "notification",
        ["organization_id", "person_id", sa.text("last_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["organization_id", "person_id", "kind", "group_key"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notification_last_at", "notification", ["organization_id", "last_at"])
    op.create_table(
        "notification_lead",
        _id("organization_id"),
        _id("notification_id"),
        _id("lead_id"),
        _moment("at"),
        sa.PrimaryKeyConstraint("organization_id", "notification_id", "lead_id", name="pk_notification_lead"),
        _key("notification_lead", "notification_id", "notification.id"),
        _key("notification_lead", "lead_id", "lead.id"),
    )
    op.create_index("ix_notification_lead_lead_id", "notification_lead", ["organization_id", "lead_id"])
    op.create_table(
        "notification_preference",
        _id("organization_id"),
        _id("person_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "kind", name="pk_notification_preference"),
        _of_a_member("notification_preference"),
    )
    op.create_table(
        "notification_mark",
        _id("organization_id"),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name="pk_notification_mark"),
    )
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)
    op.execute(GONE)
    op.execute(BEGIN_NOW)
    op.execute(READ_FROM_NOW)


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_a_member(table: str) -> sa.ForeignKeyConstraint:
    return _key(table, "person_id", "membership.account_id")


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    its = f"{target.partition('.')[0]}.organization_id"
    name = f"fk_{table}_organization_id_{column}"
    return sa.ForeignKeyConstraint(["organization_id", column], [its, target], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION notification_lead_gone()")
    op.execute("DELETE FROM projection_cursor WHERE projection = 'notifications'")
