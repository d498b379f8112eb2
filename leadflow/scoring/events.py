"""What scoring tells the log."""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.events import Event
from leadflow.scoring.scorer import Previous, Verdict

SCORED = "lead.scored"
DEPLOYED = "scoring.deployed"
RESCORED = "scoring.rescored"


def is_news(before: Previous | None, verdict: Verdict) -> bool:
    """Whether what is shown of a lead changes."""
    return before is None or round(before.score) != verdict.score or before.band != verdict.band


def scored_event(
    lead_id: UUID, before: Previous | None, verdict: Verdict, *, because: str, at: datetime | None = None
) -> Event:
    """A lead's score has changed; `because` is the kind of the event that it follows from."""
    data: dict[str, JsonValue] = {
        "score": verdict.score,
        "from": round(before.score) if before else 0,
        "band": verdict.band.value,
        "was": before.band.value if before else "",
        "reason": verdict.headline,
        "because": because,
    }
    return Event(SCORED, lead_id, data, occurred_at=at)
