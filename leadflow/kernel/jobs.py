"""Background work: what to run, when, and how it ended. The row in PostgreSQL is the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.ids import new_id


class Queue(StrEnum):
    """One queue per kind of work, so that a slow vendor never delays a person who waits."""

    INTERACTIVE = "interactive"
    OUTREACH = "outreach"
    SYNC = "sync"
    LEARNING = "learning"


class JobState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Job:
    """Work to do once this transaction has committed.

    A job that waits with the same `kind` and `dedupe_key` in the organization absorbs this one; a running one does
    not, because it may already have read what this one is about.
    """

    kind: str
    payload: Mapping[str, JsonValue]
    dedupe_key: str
    queue: Queue = Queue.INTERACTIVE
    run_at: datetime | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job in our hands until `lease_until`; `token` proves that it is still ours when we finish."""

    id: UUID
    organization_id: UUID
    kind: str
    payload: Mapping[str, JsonValue]
    attempts: int
    crashes: int
    token: int


MAX_ATTEMPTS = 8
MAX_CRASHES = 3
LEASE = timedelta(seconds=60)


def retry_delay(attempts: int, jitter: float) -> timedelta:
    """How long to wait before attempt `attempts + 1`.

    30 s doubling, capped at one hour, spread by half either way so that failures do not return in step;
    `jitter` is in [0, 1).
    """
    capped = min(30.0 * 2.0 ** max(attempts - 1, 0), 3600.0)
    return timedelta(seconds=capped * (0.5 + jitter))
