"""Background work that routing asks for."""

from datetime import datetime

from leadflow.kernel.jobs import Job

RESUME = "routing.resume"
STRIKE = "routing.strike"


def resume_at(at: datetime) -> Job:
    """Look again at the leads that nobody owns, when an absence ends, a shift begins or a limit has aged."""
    return Job(RESUME, {}, dedupe_key=at.isoformat(), run_at=at)


def strike_at(at: datetime) -> Job:
    """Look at what is due, when the first of it is: one job for an organization, which the earliest moment moves."""
    return Job(STRIKE, {}, dedupe_key="clock", run_at=at)
