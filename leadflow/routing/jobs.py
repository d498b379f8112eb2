"""Background work that routing asks for."""

from datetime import datetime

from leadflow.kernel.jobs import Job

RESUME = "routing.resume"


def resume_at(at: datetime) -> Job:
    """Look again at the leads that nobody owns, when an absence ends, a shift begins or a limit has aged."""
    return Job(RESUME, {}, dedupe_key=at.isoformat(), run_at=at)
