"""Tables of routing."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, text
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow


class AssignmentTurn(TenantRow, table=True):
    """How many leads round robin has given to a person."""

    __tablename__ = "assignment_turn"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["membership.organization_id", "membership.account_id"],
            ondelete="CASCADE",
        ),
    )

    account_id: UUID = Field(primary_key=True)
    turns: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
