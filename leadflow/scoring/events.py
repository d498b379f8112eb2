"""What scoring tells the log.

An event whose `told_by` names another kind is told by that one on the timeline: they were recorded together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.events import Event
from leadflow.scoring.config import Band

SCORED: Final = "lead.scored"
BAND_HELD: Final = "lead.band_held"
BAND_RELEASED: Final = "lead.band_released"
DEPLOYED: Final = "scoring.deployed"
RESCORED: Final = "scoring.rescored"
RELEARNED: Final = "scoring.relearned"
TRIAL_BEGAN: Final = "scoring.trial_began"
TRIAL_ENDED: Final = "scoring.trial_ended"
COOLED: Final = "band.cooled"
"""Leads of which nothing has been heard for so long that they belong into another band."""
BOOSTED: Final = "scoring.boosted"
"""Trees were trained anew; what they say is in it, so that the log alone tells what every model was."""
POOLED: Final = "scoring.pooled"
"""The same of what leads of other organizations have in common."""
ADOPTED: Final = frozenset({BOOSTED, POOLED})
POOL_JOINED: Final = "scoring.pool_joined"
POOL_LEFT: Final = "scoring.pool_left"
ALARM_RAISED: Final = "scoring.alarm_raised"
ALARM_CLEARED: Final = "scoring.alarm_cleared"
DWELT: Final = "band.dwelt"
"""Leads have been in their bands for the dwell time: those that have fallen meanwhile leave it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of a lead's score or band, and the event that it comes from."""

    lead_id: UUID
    was: Band | None
    band: Band
    score_before: int
    score: int
    reason: str
    because: str
    at: datetime | None = None

    @property
    def shows_another_band(self) -> bool:
        """A lead that nobody has scored yet is shown as cold."""
        return self.band is not (self.was or Band.COLD)


def told(turn: Turn, *, is_held: bool) -> list[Event]:
    """What is recorded of it: of a held lead everybody goes on seeing the band that it is held in."""
    data: dict[str, JsonValue] = {
        "score": turn.score,
        "from": turn.score_before,
        "band": turn.band.value,
        "was": turn.was.value if turn.was else "",
        "reason": turn.reason,
        "because": turn.because,
    }
    if is_held or not turn.shows_another_band:
        return [Event(SCORED, turn.lead_id, data, occurred_at=turn.at)]
    changed = became(turn.lead_id, turn.was or Band.COLD, turn.band, turn.score, because=turn.because)
    said = {**changed.data, "score_before": turn.score_before, "reason": turn.reason}
    return [
        Event(SCORED, turn.lead_id, {**data, "told_by": changed.kind}, occurred_at=turn.at),
        Event(changed.kind, turn.lead_id, said, occurred_at=turn.at),
    ]


def became(lead_id: UUID, was: Band, band: Band, score: int, *, because: str, reason: str = "") -> Event:
    """A lead is shown in another band: `lead.became_hot`, `lead.became_warm` or `lead.became_cold`."""
    data: dict[str, JsonValue] = {"from": was.value, "score": score, "reason": reason, "because": because}
    if because in {BAND_HELD, BAND_RELEASED}:
        data["told_by"] = because
    return Event(f"lead.became_{band}", lead_id, data)
