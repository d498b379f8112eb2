"""Holidays of an organization, a team or a person.

What makes it safe: one new table. A process of the release before knows no holidays, and assigns on them as it did.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261126_holidays"
down_revision: str | Sequence[str] | None = "20261126_seats"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "holiday"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        TABLE,
        _id("organization_id"),
        _id("id"),
        sa.Column("day", sa.Date(), nullable=False),
        _text("name"),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        _text("origin"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_holiday"),
        _key(["organization_id"], ["organization.id"]),
        _key(["organization_id", "team_id"], ["team.organization_id", "team.id"]),
        _key(["organization_id", "account_id"], ["membership.organization_id", "membership.account_id"]),
        sa.CheckConstraint("num_nonnulls(team_id, account_id) <= 1", name="ck_holiday_whose"),
    )
    op.create_index(
        "uq_holiday_day",
        TABLE,
        ["organization_id", "day", "name", "team_id", "account_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for column in ("team_id", "account_id"):
        op.create_index(
            f"ix_holiday_{column}",
            TABLE,
            ["organization_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    for statement in isolate(TABLE):
        op.execute(statement)


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _key(columns: list[str], targets: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, targets, name=f"fk_{TABLE}_{'_'.join(columns)}", ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table(TABLE)
