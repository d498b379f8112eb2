"""Leads that are offered, and territories.

What makes it safe: two new tables, and a trigger on lead that waits for its lock two seconds at most. A process of the
release before offers nothing, and whatever it assigns ends an offer by that trigger.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261125_offers"
down_revision: str | Sequence[str] | None = "20261125_speed"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("territory", "lead_offer")

# An offer is over when somebody owns the lead, whoever said so: a rule, a person, an import.
TAKEN = """
CREATE FUNCTION lead_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lead_offer SET is_over = true
    WHERE organization_id = NEW.organization_id AND lead_id = NEW.id AND NOT is_over;
    RETURN NULL;
END $$;
CREATE TRIGGER lead_taken AFTER UPDATE OF owner_id ON lead FOR EACH ROW
    WHEN (NEW.owner_id IS NOT NULL AND OLD.owner_id IS NULL) EXECUTE FUNCTION lead_taken();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "territory",
        _id("organization_id"),
        _id("id"),
        sa.Column("position", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("conditions", JSONB(), nullable=True),
        sa.Column("pool", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_territory"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_territory_organization_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "lead_offer",
        _id("organization_id"),
        _id("lead_id"),
        _id("rule_id"),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "lead_id", name="pk_lead_offer"),
        sa.ForeignKeyConstraint(
            ["organization_id", "lead_id"],
            ["lead.organization_id", "lead.id"],
            name="fk_lead_offer_organization_id_lead_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("rule_id", "until"):
        op.create_index(
            f"ix_lead_offer_{column}",
            "lead_offer",
            ["organization_id", column],
            postgresql_where=sa.text("NOT is_over"),
        )
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)
    op.execute(TAKEN)


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def downgrade() -> None:
    op.execute("DROP TRIGGER lead_taken ON lead")
    op.execute("DROP FUNCTION lead_taken()")
    for table in reversed(TABLES):
        op.drop_table(table)
