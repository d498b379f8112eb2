"""Tables of leads that only their own repository reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Text
from sqlalchemy import UUID as SqlUuid
from sqlmodel import Field

from leadflow.kernel.tables import TenantRow


class Word(TenantRow, table=True):
    """Each word of a lead that search knows, in the order of its bytes; kept by triggers of `lead_search`."""

    __tablename__ = "lead_word"

    word: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    lead_id: UUID = Field(primary_key=True)


class SearchBacklog(TenantRow, table=True):
    """Words of a chunk of a bulk capture that search has yet to learn; lives for a moment."""

    __tablename__ = "lead_search_backlog"

    id: UUID = Field(primary_key=True)
    lead_ids: list[UUID] = Field(sa_column=Column[Any](ARRAY(SqlUuid), nullable=False))
    words: list[str] = Field(sa_column=Column[Any](ARRAY(Text), nullable=False))
