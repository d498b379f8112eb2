"""Background work that notifications ask for."""

from datetime import datetime

from leadflow.kernel.jobs import Job

TIDY = "notifications.tidy"


def tidy_at(at: datetime) -> Job:
    """Forget what is old when the first of it is: one job for an organization, moved by the earliest moment."""
    return Job(TIDY, {}, dedupe_key="", run_at=at)
