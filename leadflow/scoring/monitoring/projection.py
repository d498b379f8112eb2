"""Counts what comes in, by day: a reader of the log of its own, so that scoring waits for nothing of it."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.scoring.jobs import check_at
from leadflow.scoring.monitoring import repository
from leadflow.scoring.monitoring.inputs import NEW_LEADS, Day

KINDS: Final = (NEW_LEADS, "lead.enriched", "behaviour.", "activity.")
SOON: Final = timedelta(minutes=10)
"""When it is seen whether there is cause for alarm, after something has come in."""


async def count(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Add an organization's next events to their days."""
    days = await repository.inputs(work, {event.occurred_at.astimezone(UTC).date() for event in events})
    for event in events:
        days.setdefault(event.occurred_at.astimezone(UTC).date(), Day()).hear(event.kind, event.data)
    await repository.save_inputs(work, days)
    work.enqueue(check_at(work.clock.now() + SOON))


PROJECTION = Projection("scoring_inputs", KINDS, count, batch=1000, patient=frozenset(KINDS))
