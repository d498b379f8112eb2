"""Tables of the kernel, and the column types that every noun uses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, MetaData, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

NOW = text("now()")

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id; read it as `xid::text::bigint`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
        return "xid8"


def moment(*, nullable: bool = False, default_now: bool = False) -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """A `timestamptz` column: UTC in, UTC out."""
    return Field(
        default=None,
        sa_type=DateTime(timezone=True),
        nullable=nullable,
        sa_column_kwargs={"server_default": NOW} if default_now else {},
    )


def words(default: str | None = "") -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """A `text` column; not null with `default`, or nullable when the default is None."""
    if default is None:
        return Field(default=None, sa_type=Text, nullable=True)
    return Field(
        default=default, sa_type=Text, nullable=False, sa_column_kwargs={"server_default": text(f"'{default}'")}
    )


def document() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    """A `jsonb` column, an empty object by default."""
    return Field(default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")))


class TenantRow(SQLModel):
    """A row of one organization: row-level security is enabled and forced on its table."""

    organization_id: UUID = Field(primary_key=True)


class EventRow(SQLModel, table=True):
    """The log, partitioned by month of recording; its key is the order in which every projection reads it."""

    __tablename__ = "event"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "xid", "seq", "recorded_at"),
        Index("ix_event_timeline", "organization_id", "lead_id", "occurred_at"),
        {"postgresql_partition_by": "RANGE (recorded_at)"},
    )

    seq: int = Field(sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    xid: int = Field(sa_column=Column(Xid8, nullable=False, server_default=text("pg_current_xact_id()")))
    id: UUID
    organization_id: UUID
    kind: str = words()
    lead_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(default_now=True)
    source: str = words()
    data: dict[str, Any] = document()


class IdempotencyRow(TenantRow, table=True):
    """The stored answer to a request that carried an Idempotency-Key."""

    __tablename__ = "idempotency_key"

    key: str = Field(primary_key=True, sa_type=Text)
    request_hash: str = words()
    status: int = 0
    response: dict[str, Any] = document()
    created_at: datetime = moment(default_now=True)


class CursorRow(TenantRow, table=True):
    """How far one projection has read one organization's log."""

    __tablename__ = "projection_cursor"

    projection: str = Field(primary_key=True, sa_type=Text)
    xid: int = Field(sa_column=Column(Xid8, nullable=False, server_default=text("'0'::xid8")))
    seq: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class JobRow(TenantRow, table=True):
    """The queue of record."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_ready",
            "organization_id",
            "kind",
            "dedupe_key",
            unique=True,
            postgresql_where=text("state = 'ready'"),
        ),
        Index("ix_job_due", "queue", "run_at", postgresql_where=text("state IN ('ready', 'running')")),
    )

    id: UUID = Field(primary_key=True)
    queue: str = words()
    kind: str = words()
    dedupe_key: str = words()
    payload: dict[str, Any] = document()
    state: str = words("ready")
    run_at: datetime = moment(default_now=True)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    crashes: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    token: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    lease_until: datetime | None = moment(nullable=True)
    last_error: str = words()
    created_at: datetime = moment(default_now=True)
    finished_at: datetime | None = moment(nullable=True)
