"""Changes of a lead as the log tells them: pure, and the same for one lead and for a thousand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.events import Event
from leadflow.leads.models import StageKind
from leadflow.leads.rules import move

IDENTITY_FIELDS: Final = frozenset({"email", "phone"})
PERSONAL_FIELDS: Final = IDENTITY_FIELDS | {"name"}

Changed = Mapping[str, tuple[object, object]]
"""What each changed field was, and is."""


def updated(lead_id: UUID, changes: Changed, **more: JsonValue) -> Event:
    """Facts have changed. The log keeps no address, number or name: it only says that they changed."""
    told = cast("Mapping[str, tuple[JsonValue, JsonValue]]", changes)
    data: dict[str, JsonValue] = {
        "changes": {
            name: {} if name in PERSONAL_FIELDS else {"from": before, "to": after}
            for name, (before, after) in told.items()
        }
    }
    for name, (_, after) in told.items():
        if name in IDENTITY_FIELDS:
            data[name] = bool(after)
        elif name not in PERSONAL_FIELDS:
            data[name] = after
    return Event("lead.updated", lead_id, {**data, **more})


def moved(
    lead_id: UUID,
    stages: tuple[str, str],
    kinds: Mapping[str, StageKind],
    *,
    at: datetime | None = None,
    more: Mapping[str, JsonValue],
) -> Event:
    """A lead has gone from the first of these stages to the second."""
    before, after = stages
    what = move(kinds[before], kinds[after])
    return Event(what.kind, lead_id, {"from": before, "to": after, **more}, occurred_at=at)
