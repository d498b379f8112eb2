"""The audit trail and its proof."""

from typing import Literal

from pydantic import Field, JsonValue

from leadflow.api.schemas.shape import Shape


class AuditActor(Shape):
    kind: Literal["person", "api_key", "form", "system"]
    id: str | None
    name: str


class AuditEntryItem(Shape):
    number: int
    id: str = Field(description="The event in the log")
    at: int
    recorded_at: int
    actor: AuditActor
    kind: str
    words: str = Field(description="What happened, as a person would say it")
    detail: str
    lead: str | None
    source: str
    data: dict[str, JsonValue]
    previous_hash: str
    hash: str


class AuditPage(Shape):
    items: list[AuditEntryItem]
    next_cursor: str | None


class AuditBreak(Shape):
    number: int
    message: str


class AuditProof(Shape):
    entries: int = Field(description="How many are whole, from the first on")
    head: str = Field(description="The hash of the last of them; kept elsewhere, it proves all that came before")
    waiting: int = Field(description="Recent events that have no entry yet, which takes a moment")
    broken: AuditBreak | None
