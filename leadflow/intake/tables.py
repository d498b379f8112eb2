"""Tables of file imports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UUID as SqlUuid
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


def count() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """A `bigint` column that starts at zero."""
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class LeadImport(TenantRow, table=True):
    """A file on its way in.

    `position` is how many bytes of it (as UTF-8 where it came as UTF-16) have become leads, rejects or nothing; it
    moves in the transaction that captured them, so a repeated chunk finds itself already done.
    """

    __tablename__ = "lead_import"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        Index("ix_lead_import_created", "organization_id", text("created_at DESC")),
    )

    id: UUID = Field(primary_key=True)
    filename: str = words()
    size: int = count()
    state: str = words("uploading")
    encoding: str = words()
    bom: int = count()
    delimiter: str = words()
    header: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb"))
    )
    mapping: dict[str, Any] = document()
    body_position: int = count()
    body_line: int = count()
    position: int = count()
    line: int = count()
    row_count: int = count()
    rows_done: int = count()
    created: int = count()
    joined: int = count()
    rejected: int = count()
    error: str = words()
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=SqlUuid, nullable=True)
    created_at: datetime = moment(default_now=True)
    started_at: datetime | None = moment(nullable=True)
    advanced_at: datetime | None = moment(nullable=True)
    finished_at: datetime | None = moment(nullable=True)


class ImportPart(TenantRow, table=True):
    """A piece of the file as it was sent: any worker on any machine can read it, and a crash loses nothing."""

    __tablename__ = "import_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "import_id"], ["lead_import.organization_id", "lead_import.id"], ondelete="CASCADE"
        ),
    )

    import_id: UUID = Field(primary_key=True)
    part: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ImportReject(TenantRow, table=True):
    """A row that could not become a lead, and why. `row` is the line of the file on which it begins."""

    __tablename__ = "import_reject"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "import_id"], ["lead_import.organization_id", "lead_import.id"], ondelete="CASCADE"
        ),
    )

    import_id: UUID = Field(primary_key=True)
    row: int = Field(primary_key=True, sa_type=BigInteger)
    problem: str = words()
    cells: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb"))
    )
