"""Rules of assignment, absences, working hours, a ledger per rule, and the proof of every assignment.

What makes it safe: the index is built beside running writers, and again if it was interrupted; the rest is new tables
and new columns that are empty or have a default, which rewrites nothing. A process of the release before goes on
counting in its own table, from which the ledger starts.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261125_routing"
down_revision: str | Sequence[str] | None = "20261125_audit"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EMPTY, ZERO, OBJECT = sa.text("''"), sa.text("0"), sa.text("'{}'::jsonb")
SAME_DOMAIN = "(organization_id, domain, captured_at DESC) WHERE domain <> ''"
TABLES = ("assignment_rule", "assignment_standing", "absence", "assignment")

# One lead of weight one is this far in virtual time; the rule of those who have made none has the id of zeros.
STANDINGS = """
INSERT INTO assignment_standing (organization_id, rule_id, account_id, start, seen, given)
SELECT organization_id, '00000000-0000-0000-0000-000000000000', account_id, turns * 232792560, 1, turns
FROM assignment_turn
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_lead_domain")
        op.execute(f"CREATE INDEX CONCURRENTLY ix_lead_domain ON lead {SAME_DOMAIN}")
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("membership", sa.Column("working_hours", JSONB(), nullable=True))
    op.add_column("membership", sa.Column("time_zone", sa.Text(), server_default=EMPTY, nullable=False))
    _rules()
    _absences()
    _proofs()
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)
    op.execute(STANDINGS)


def _rules() -> None:
    op.create_table(
        "assignment_rule",
        _id("organization_id"),
        _id("id"),
        sa.Column("position", sa.SmallInteger(), server_default=ZERO, nullable=False),
        _text("name"),
        sa.Column("is_on", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("conditions", JSONB(), nullable=True),
        sa.Column("pool", JSONB(), server_default=OBJECT, nullable=False),
        _text("strategy"),
        sa.Column("options", JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_assignment_rule"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_assignment_rule_organization_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "assignment_standing",
        _id("organization_id"),
        _id("rule_id"),
        _id("account_id"),
        sa.Column("weight", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default=ZERO, nullable=False)
            for name in ("start", "turn", "seen", "given", "credits")
        ),
        sa.PrimaryKeyConstraint("organization_id", "rule_id", "account_id", name="pk_assignment_standing"),
        _member("assignment_standing"),
    )


def _absences() -> None:
    op.create_table(
        "absence",
        _id("organization_id"),
        _id("id"),
        _id("account_id"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        _text("note"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_absence"),
        _member("absence"),
    )
    op.create_index("ix_absence_account_id", "absence", ["organization_id", "account_id", "ends_at"])


def _proofs() -> None:
    op.create_table(
        "assignment",
        _id("organization_id"),
        _id("id"),
        _id("lead_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        *(_text(name) for name in ("rule_name", "strategy", "how", "fare")),
        sa.Column("options", JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("chosen", sa.Uuid(), nullable=True),
        sa.Column("candidates", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_assignment"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_assignment_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_assignment_lead_id", "assignment", ["organization_id", "lead_id", "id"])
    op.create_index(
        "ix_assignment_chosen",
        "assignment",
        ["organization_id", "chosen", "at"],
        postgresql_where=sa.text("chosen IS NOT NULL"),
    )


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=EMPTY, nullable=False)


def _member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", "account_id"],
        ["membership.organization_id", "membership.account_id"],
        name=f"fk_{table}_organization_id_account_id",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for column in ("working_hours", "time_zone"):
        op.drop_column("membership", column)
    op.drop_index("ix_lead_domain", "lead")
