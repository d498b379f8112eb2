"""Events: what happened, as written to the append-only log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.ids import new_id

Data = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about to be recorded.

    `kind` is "noun.past_tense" ("lead.captured"). `occurred_at` is when it happened in the world (the unit of
    work's clock when None); the log adds when it was recorded.
    """

    kind: str
    lead_id: UUID | None = None
    data: Data = field(default_factory=dict)
    occurred_at: datetime | None = None
    source: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """A row of the log. `(xid, seq)` is its place in the order that every reader follows."""

    seq: int
    xid: int
    id: UUID
    kind: str
    lead_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    source: str
    data: Data
