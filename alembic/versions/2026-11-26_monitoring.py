"""How well the scoring model does, what comes in, alarms, and whether routing waits for them.

What makes it safe: new tables, which a process of the release before knows nothing of.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from leadflow.infra.rls import isolate

revision: str = "20261126_monitoring"
down_revision: str | Sequence[str] | None = "20261126_trail"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("model_grade", "model_lesson", "scoring_day", "scoring_input", "scoring_alarm", "score_trust")
SUMS = (
    "weight", "wins", "said", "log_loss", "expected_loss", "usual_loss", "brier", "more", "fewer", "flatter",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _graded()
    _counted()
    _alarmed()
    for table in TABLES:
        for statement in isolate(table):
            op.execute(statement)


def _graded() -> None:
    op.create_table(
        "model_grade",
        _organization(),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False) for name in SUMS),
        _document("bins"),
        sa.PrimaryKeyConstraint("organization_id", "model", "day", name="pk_model_grade"),
        _key("model_grade"),
    )
    op.create_table(
        "model_lesson",
        _organization(),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _document("before"),
        _document("after"),
        _document("seen"),
        sa.PrimaryKeyConstraint("organization_id", "model", "day", name="pk_model_lesson"),
        _key("model_lesson"),
    )


def _counted() -> None:
    op.create_table(
        "scoring_day",
        _organization(),
        sa.Column("day", sa.Date(), nullable=False),
        *(_count(name) for name in ("won", "lost", "timed_out", "taken_back")),
        sa.PrimaryKeyConstraint("organization_id", "day", name="pk_scoring_day"),
        _key("scoring_day"),
    )
    op.create_table(
        "scoring_input",
        _organization(),
        sa.Column("day", sa.Date(), nullable=False),
        _count("leads"),
        _document("facts"),
        _document("behaviours"),
        sa.PrimaryKeyConstraint("organization_id", "day", name="pk_scoring_input"),
        _key("scoring_input"),
    )


def _alarmed() -> None:
    op.create_table(
        "scoring_alarm",
        _organization(),
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("cause"),
        _flag("stops"),
        _document("evidence"),
        _moment("raised_at"),
        _moment("cleared_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_scoring_alarm"),
        _key("scoring_alarm"),
    )
    op.create_index("ix_scoring_alarm_raised_at", "scoring_alarm", ["organization_id", "raised_at"])
    op.create_index(
        "uq_scoring_alarm_standing", "scoring_alarm", ["organization_id", "cause"], unique=True,
        postgresql_where=sa.text("cleared_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "score_trust",
        _organization(),
        _flag("stops"),
        _document("alarms"),
        _document("passed"),
        _text("reason"),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        _moment("passed_at", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", name="pk_score_trust"),
        _key("score_trust"),
    )


def _organization() -> sa.Column[object]:
    return sa.Column("organization_id", sa.Uuid(), nullable=False)


def _document(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organization.id"], name=f"fk_{table}_organization_id", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
