"""Background work that routing asks for."""

from datetime import datetime
from uuid import UUID

from leadflow.kernel.jobs import Job
from leadflow.kernel.scope import Actor

RESUME = "routing.resume"
STRIKE = "routing.strike"
REASSIGN = "routing.reassign"


def resume_at(at: datetime) -> Job:
    """Look again at the leads that nobody owns, when an absence ends, a shift begins or a limit has aged."""
    return Job(RESUME, {}, dedupe_key=at.isoformat(), run_at=at)


def strike_at(at: datetime) -> Job:
    """Look at what is due, when the first of it is: one job for an organization, which the earliest moment moves."""
    return Job(STRIKE, {}, dedupe_key="clock", run_at=at)


def reassign_job(reassignment: UUID, actor: Actor, *, is_undo: bool) -> Job:
    """Move the rest of many leads, or give the rest back, in the name of whoever asked for it."""
    who = {"actor_kind": actor.kind.value, "actor_id": str(actor.id) if actor.id else None}
    payload = {"reassignment": str(reassignment), "is_undo": is_undo, **who}
    return Job(REASSIGN, payload, dedupe_key=f"{reassignment}{' undo' if is_undo else ''}")
