"""Tables of the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, Uuid
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow, document, moment, words


class AuditEntry(TenantRow, table=True):
    """One sensitive action. The app may add entries and read them; a trigger refuses everybody any other change."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("uq_audit_entry_event_id", "organization_id", "event_id", unique=True),)

    number: int = Field(primary_key=True, sa_type=BigInteger)
    event_id: UUID
    at: datetime = moment()
    recorded_at: datetime = moment()
    actor_kind: str = words()
    actor_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    kind: str = words()
    lead_id: UUID | None = Field(default=None, sa_type=Uuid, nullable=True)
    source: str = words()
    data: dict[str, Any] = document()
    previous_hash: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class AuditHead(TenantRow, table=True):
    """Where an organization's trail ends, signed with the installation's key."""

    __tablename__ = "audit_head"

    number: int = Field(sa_type=BigInteger)
    hash: str = Field(sa_type=Text)
    signature: str = Field(sa_type=Text)
