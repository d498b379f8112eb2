"""Imports: files on their way in, their rejects, and the words that search has yet to learn.

What makes it safe: it only creates tables.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from leadflow.infra.rls import isolate

revision: str = "20261123_imports"
down_revision: str | Sequence[str] | None = "20261123_walls"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("lead_import", "import_part", "import_reject", "lead_search_backlog")
EMPTY = sa.text("''")
ZERO = sa.text("0")
COUNTS = (
    "bom", "body_position", "body_line", "position", "line", "row_count", "rows_done", "created", "joined", "rejected",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "lead_import",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("size", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'uploading'"), nullable=False),
        sa.Column("encoding", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("delimiter", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("header", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default=ZERO, nullable=False) for name in COUNTS),
        sa.Column("error", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("actor_kind", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("advanced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_lead_import_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_lead_import")),
    )
    op.create_index("ix_lead_import_created", "lead_import", ["organization_id", sa.literal_column("created_at DESC")])
    op.create_table(
        "import_part",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_import("import_part"),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "part", name=op.f("pk_import_part")),
    )
    op.create_table(
        "import_reject",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("cells", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        _of_import("import_reject"),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "row", name=op.f("pk_import_reject")),
    )
    op.create_table(
        "lead_search_backlog",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("words", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_lead_search_backlog")),
    )
    # Compressing what is read once, a moment later, is wasted work.
    op.execute("ALTER TABLE lead_search_backlog ALTER COLUMN words SET STORAGE EXTERNAL")
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _of_import(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", "import_id"],
        ["lead_import.organization_id", "lead_import.id"],
        name=op.f(f"fk_{table}_organization_id_import_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
