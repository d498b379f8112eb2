"""Background work that saved views ask for."""

from datetime import datetime

from leadflow.kernel.jobs import Job

FORGET = "views.forget"


def forget_at(at: datetime) -> Job:
    """Forget what was deleted long ago: one job for an organization, moved by the earliest moment."""
    return Job(FORGET, {}, dedupe_key="", run_at=at)
