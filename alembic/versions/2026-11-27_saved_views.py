"""Saved views: pages with their filters under a name, shared, pinned and opened by default.

What makes it safe: new tables. A process of the release before knows no views.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261127_views"
down_revision: str | Sequence[str] | None = "20261127_groups"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LIVE = "deleted_at IS NULL"
PERSON = ["membership.organization_id", "membership.account_id"]
VIEW = ["saved_view.organization_id", "saved_view.id"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _views()
    op.create_table(
        "view_pin",
        _id("organization_id"),
        _id("person_id"),
        _id("view_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "view_id", name="pk_view_pin"),
        _key("view_pin", ["organization_id", "person_id"], PERSON),
        _key("view_pin", ["organization_id", "view_id"], VIEW),
    )
    op.create_table(
        "view_default",
        _id("organization_id"),
        _id("person_id"),
        sa.Column("layout", sa.Text(), nullable=False),
        _id("view_id", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "layout", name="pk_view_default"),
        _key("view_default", ["organization_id", "person_id"], PERSON),
        _key("view_default", ["organization_id", "view_id"], VIEW),
    )
    for table in ("view_pin", "view_default"):
        op.create_index(f"ix_{table}_view_id", table, ["organization_id", "view_id"])
    for table in ("saved_view", "view_pin", "view_default"):
        for statement in isolate(table):
            op.execute(statement)


def _views() -> None:
    table = "saved_view"
    op.create_table(
        table,
        _id("organization_id"),
        _id("id"),
        _id("owner_id", nullable=True),
        _text("name"),
        _text("layout", "list"),
        _text("icon"),
        sa.Column("params", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _id("written_by_id", nullable=True),
        _flag("is_shared"),
        _flag("is_default"),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("made_at"),
        _moment("changed_at"),
        _id("changed_by_id", nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=f"pk_{table}"),
        _key(table, ["organization_id"], ["organization.id"]),
        _key(table, ["organization_id", "owner_id"], PERSON, "SET NULL (owner_id)"),
    )
    name = sa.text("lower(name)")
    _index("uq_saved_view_own", ["organization_id", "owner_id", name], LIVE)
    _index("uq_saved_view_shared", ["organization_id", name], f"is_shared AND {LIVE}")
    _index("uq_saved_view_default", ["organization_id", "layout"], f"is_default AND {LIVE}")
    _index("ix_saved_view_deleted", ["organization_id", "deleted_at"], "deleted_at IS NOT NULL")


def _index(name: str, columns: list[str | sa.TextClause], where: str) -> None:
    op.create_index(name, "saved_view", columns, unique=name.startswith("uq_"), postgresql_where=sa.text(where))


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text(f"'{default}'"), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _key(table: str, columns: list[str], targets: list[str], then: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, targets, name=f"fk_{table}_{'_'.join(columns)}", ondelete=then)


def downgrade() -> None:
    for table in ("view_default", "view_pin", "saved_view"):
        op.drop_table(table)
