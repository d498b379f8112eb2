"""Inputs of identity's use cases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class CreateApiKey(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    scopes: tuple[str, ...] = Field(min_length=1, max_length=20)
    expires_at: datetime | None = None
    team: Annotated[UUID | None, Field(description="Reach the leads of this team and those below; null: all")] = None


class OpenSession(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    user_agent: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
