"""Background work that tasks ask for."""

from datetime import datetime

from leadflow.kernel.jobs import Job

TICK = "tasks.tick"


def tick_at(at: datetime) -> Job:
    """Remind and forget when the first of it is due: one job for an organization, moved by the earliest moment."""
    return Job(TICK, {}, dedupe_key="", run_at=at)
