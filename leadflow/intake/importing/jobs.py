"""Background work that imports ask for."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.jobs import Job, Queue

RUN = "imports.run"
FORGET = "imports.forget"
KEPT_UNUSED = timedelta(days=1)
KEPT_DONE = timedelta(days=7)


def run_job(import_id: UUID) -> Job:
    return Job(RUN, {"import_id": str(import_id)}, dedupe_key=str(import_id), queue=Queue.SYNC)


def rescue_job(import_id: UUID, at: datetime) -> Job:
    """Takes an import over that somebody runs in a process of their own, should that process be gone by then."""
    payload: dict[str, JsonValue] = {"import_id": str(import_id), "is_rescue": True}
    return Job(RUN, payload, dedupe_key=f"{import_id}:rescue", queue=Queue.SYNC, run_at=at)


def forget_job(import_id: UUID, at: datetime) -> Job:
    return Job(
        FORGET, {"import_id": str(import_id)}, dedupe_key=f"{import_id}:{at:%Y%m%d%H}", queue=Queue.SYNC, run_at=at
    )
