"""Claims, runs and finishes jobs. Rows in PostgreSQL decide; a lease says whose a job is, a token proves it."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import text

from leadflow.infra.app import App
from leadflow.kernel.errors import LeadFlowError, Permanent, Transient
from leadflow.kernel.jobs import LEASE, MAX_ATTEMPTS, MAX_CRASHES, ClaimedJob, JobState, Queue, retry_delay
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope

log = structlog.get_logger(__name__)

_CLAIM = text("SELECT * FROM claim_jobs(:queue, :limit, :lease, :max_crashes)")
_EXTEND = text("""
    UPDATE job SET lease_until = now() + :lease
    WHERE organization_id = :organization_id AND id = :id AND token = :token AND state = 'running'
""")
_FINISH = text("""
    UPDATE job SET state = :state, finished_at = now(), lease_until = NULL, last_error = :error
    WHERE organization_id = :organization_id AND id = :id AND token = :token AND state = 'running'
""")
_AGAIN = text("""
    UPDATE job j SET
        state = CASE WHEN EXISTS (
            SELECT 1 FROM job o WHERE o.organization_id = j.organization_id AND o.kind = j.kind
              AND o.dedupe_key = j.dedupe_key AND o.state = 'ready') THEN 'done' ELSE 'ready' END,
        run_at = now() + :delay, lease_until = NULL, last_error = :error
    WHERE j.organization_id = :organization_id AND j.id = :id AND j.token = :token AND j.state = 'running'
""")


class LeaseLost(Transient):
    title = "Another worker has taken this job over"


@dataclass(slots=True)
class JobRun:
    """One attempt at one job, as its handler sees it."""

    app: App
    job: ClaimedJob
    is_finished: bool = field(default=False)

    @property
    def scope(self) -> Scope:
        """The organization of the job's row, never of its payload."""
        return system_scope(self.job.organization_id)

    @property
    def _key(self) -> dict[str, object]:
        return {"organization_id": self.job.organization_id, "id": self.job.id, "token": self.job.token}

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Work]:
        """The unit of work in which the job's last effects and its completion commit together.

        Raises:
            LeaseLost: the lease ran out and somebody else has the job now; nothing is committed.

        """
        async with self.app.work(self.scope) as work:
            yield work
            await self._must_be_ours(work, {"state": JobState.DONE.value, "error": ""})
        self.is_finished = True

    async def _must_be_ours(self, work: Work, outcome: Mapping[str, object]) -> None:
        done = await work.session.execute(_FINISH, {**self._key, **outcome})
        if done.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has a row count
            raise LeaseLost

    async def extend(self) -> None:
        """Keep the job for another lease. Raises LeaseLost when it is not ours any more."""
        async with self.app.work(self.scope) as work:
            kept = await work.session.execute(_EXTEND, {**self._key, "lease": LEASE})
            if kept.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has a row count
                raise LeaseLost

    async def fail(self, error: str) -> None:
        async with self.app.work(self.scope) as work:
            await self._must_be_ours(work, {"state": JobState.FAILED.value, "error": error[:1000]})

    async def try_again(self, delay: timedelta, error: str) -> None:
        async with self.app.work(self.scope) as work:
            await work.session.execute(_AGAIN, {**self._key, "delay": delay, "error": error[:1000]})


Handler = Callable[[JobRun], Awaitable[None]]


class JobRunner:
    """Runs the due jobs of queues, a bounded number at a time."""

    def __init__(self, app: App, handlers: Mapping[str, Handler], *, concurrency: int = 8) -> None:
        self.app = app
        self.handlers = handlers
        self.concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()

    async def run_due(self, queue: Queue) -> int:
        """Claim and run until nothing is due (or no slot is free); returns how many jobs were run."""
        total = 0
        while started := await self._start_due(queue):
            total += started
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        return total

    async def _start_due(self, queue: Queue) -> int:
        """Fill the free slots. One at a time, because two that count free slots together would fill them twice."""
        async with self._claiming:
            free = self.concurrency - len(self._running)
            claimed = await self.claim(queue, free) if free > 0 else []
            for job in claimed:
                task = asyncio.create_task(self.run(job))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            return len(claimed)

    async def claim(self, queue: Queue, limit: int) -> list[ClaimedJob]:
        async with self.app.across() as session:
            rows = await session.execute(
                _CLAIM, {"queue": queue.value, "limit": limit, "lease": LEASE, "max_crashes": MAX_CRASHES}
            )
            return [ClaimedJob(**row) for row in rows.mappings()]

    async def run(self, job: ClaimedJob) -> None:
        """One attempt: heartbeats while it runs, then done, again later, or failed where people see it."""
        attempt = JobRun(self.app, job)
        with structlog.contextvars.bound_contextvars(job_id=str(job.id), organization_id=str(job.organization_id)):
            heart = asyncio.create_task(self._heartbeat(attempt, asyncio.current_task()))
            try:
                await self._attempt(attempt)
            except LeaseLost:
                log.warning("job.lease_lost", kind=job.kind)
            except asyncio.CancelledError:
                if not attempt.is_finished:
                    await asyncio.shield(attempt.try_again(timedelta(), "the worker was stopped"))
                raise
            except Exception:
                log.exception("job.outcome_not_stored", kind=job.kind)
            finally:
                heart.cancel()
                with suppress(asyncio.CancelledError):
                    await heart

    async def _attempt(self, attempt: JobRun) -> None:
        job = attempt.job
        try:
            await self._handler(job.kind)(attempt)
            if not attempt.is_finished:
                async with attempt.finish():
                    pass
        except LeaseLost:
            raise
        except (Permanent, LeadFlowError) as error:
            if isinstance(error, Transient):
                await self._later(attempt, error)
                return
            log.warning("job.failed", kind=job.kind, error=str(error))
            await attempt.fail(str(error))
        except Exception as error:
            log.exception("job.crashed", kind=job.kind)
            await self._later(attempt, error)

    def _handler(self, kind: str) -> Handler:
        if kind not in self.handlers:
            raise Permanent(f"Nobody knows how to run {kind!r}.")
        return self.handlers[kind]

    async def _later(self, attempt: JobRun, error: Exception) -> None:
        job, words = attempt.job, f"{type(error).__name__}: {error}"
        if job.attempts >= MAX_ATTEMPTS:
            await attempt.fail(words)
            return
        delay = retry_delay(job.attempts, random.random())  # noqa: S311 - jitter
        log.info("job.retried", kind=job.kind, attempts=job.attempts, delay_s=delay.total_seconds(), error=words)
        await attempt.try_again(delay, words)

    async def _heartbeat(self, attempt: JobRun, owner: "asyncio.Task[None] | None") -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await attempt.extend()
            except LeaseLost:
                if owner is not None:
                    owner.cancel()
                return
            except Exception:
                log.exception("job.heartbeat_failed")

    async def drain(self, seconds: float) -> None:
        """Give running jobs a moment to end, then hand them back."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
