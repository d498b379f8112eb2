"""Claims, runs and finishes jobs. Rows in PostgreSQL decide; a lease says whose a job is, a token proves it."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import TextClause, text

from leadflow.infra.app import App
from leadflow.kernel.errors import LeadFlowError, Permanent, Transient
from leadflow.kernel.jobs import LEASE, MAX_ATTEMPTS, MAX_CRASHES, ClaimedJob, JobState, Queue, retry_delay
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope

log = structlog.get_logger(__name__)

_CLAIM = text("SELECT * FROM claim_jobs(:queue, :limit, :lease, :max_crashes)")
# Each statement is about jobs that are still ours: the token proves it.
_OURS = """
    FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS bigint[])) AS ours (id, token)
    WHERE j.organization_id = :organization_id AND j.id = ours.id AND j.token = ours.token AND j.state = 'running'
"""
_EXTEND = text(f"UPDATE job j SET lease_until = now() + :lease {_OURS}")
_FINISH = text(f"""
    UPDATE job j SET state = :state, finished_at = now(), lease_until = NULL, last_error = :error {_OURS}
""")
_AGAIN = text(f"""
    UPDATE job j SET
        state = CASE WHEN EXISTS (
            SELECT 1 FROM job o WHERE o.organization_id = j.organization_id AND o.kind = j.kind
              AND o.dedupe_key = j.dedupe_key AND o.state = 'ready') THEN 'done' ELSE 'ready' END,
        run_at = now() + :delay, lease_until = NULL, last_error = :error {_OURS}
""")


class LeaseLost(Transient):
    title = "Another worker has taken this job over"


@dataclass(slots=True)
class JobRun:
    """One attempt at one job, or at several of a kind whose handler takes them together, as the handler sees it."""

    app: App
    job: ClaimedJob
    others: tuple[ClaimedJob, ...] = ()
    is_finished: bool = field(default=False)

    @property
    def jobs(self) -> tuple[ClaimedJob, ...]:
        return (self.job, *self.others)

    @property
    def scope(self) -> Scope:
        """The organization of the job's row, never of its payload."""
        return system_scope(self.job.organization_id)

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[Work]:
        """The unit of work in which the job's last effects and its completion commit together.

        Raises:
            LeaseLost: the lease ran out and somebody else has the job now; nothing is committed.

        """
        async with self.app.work(self.scope) as work:
            yield work
            if await self._update(work, _FINISH, state=JobState.DONE.value, error="") < len(self.jobs):
                raise LeaseLost
        self.is_finished = True

    async def _update(self, work: Work, statement: TextClause, **values: object) -> int:
        """How many of the jobs were still ours."""
        ours = {
            "organization_id": self.job.organization_id,
            "ids": [job.id for job in self.jobs],
            "tokens": [job.token for job in self.jobs],
        }
        done = await work.session.execute(statement, {**ours, **values})
        return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count

    async def extend(self) -> None:
        """Keep the job for another lease. Raises LeaseLost when it is not ours any more."""
        async with self.app.work(self.scope) as work:
            if await self._update(work, _EXTEND, lease=LEASE) < len(self.jobs):
                raise LeaseLost

    async def fail(self, error: str) -> None:
        """Give up, where people see it. Raises LeaseLost when it is not ours any more."""
        async with self.app.work(self.scope) as work:
            if await self._update(work, _FINISH, state=JobState.FAILED.value, error=error[:1000]) < len(self.jobs):
                raise LeaseLost

    async def try_again(self, delay: timedelta, error: str) -> None:
        """Hand back what is still ours, to be run after `delay`."""
        async with self.app.work(self.scope) as work:
            await self._update(work, _AGAIN, delay=delay, error=error[:1000])


Handler = Callable[[JobRun], Awaitable[None]]


def takes_several(handler: Handler) -> Handler:
    """Marks a handler to which jobs of one organization are given together; it must look at all of `run.jobs`.

    When one of them fails, each is run again alone: the others have nothing to do with it.
    """
    handler.__dict__["takes_several"] = True
    return handler


class JobRunner:
    """Runs the due jobs of queues, a bounded number at a time."""

    def __init__(self, app: App, handlers: Mapping[str, Handler], *, concurrency: int = 32) -> None:
        self.app = app
        self.handlers = handlers
        self.concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        self._has_parted = False

    async def run_due(self, queue: Queue) -> int:
        """Claim and run what is due, as long as there is more of it than free slots; returns how many jobs were run.

        What comes due meanwhile has a doorbell of its own. Looking for it after every job would find one job at a
        time, and `takes_several` nothing to take together.
        """
        total, is_full = 0, True
        while is_full or self._has_parted:
            self._has_parted = False
            started, is_full = await self._start_due(queue)
            total += started
            if started:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        return total

    async def _start_due(self, queue: Queue) -> tuple[int, bool]:
        """Fill the free slots: how many jobs, and whether all slots are taken. One at a time, because two that count
        free slots together would fill them twice.
        """
        async with self._claiming:
            free = self.concurrency - len(self._running)
            if free <= 0:
                return 0, False
            claimed = await self.claim(queue, free)
            for attempt in self._attempts(claimed):
                task = asyncio.create_task(self.run(attempt))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            return len(claimed), len(claimed) == free

    def _attempts(self, claimed: Sequence[ClaimedJob]) -> list[JobRun]:
        """What is run together: at the first attempt only, so that whatever fails then fails alone."""
        together: dict[tuple[UUID, str], JobRun] = {}
        attempts: list[JobRun] = []
        for job in claimed:
            key = (job.organization_id, job.kind)
            if job.attempts == 1 and key in together:
                together[key].others += (job,)
                continue
            attempts.append(JobRun(self.app, job))
            if job.attempts == 1 and getattr(self.handlers.get(job.kind), "takes_several", False):
                together[key] = attempts[-1]
        return attempts

    async def claim(self, queue: Queue, limit: int) -> list[ClaimedJob]:
        rows = await self.app.database.ask(
            _CLAIM, {"queue": queue.value, "limit": limit, "lease": LEASE, "max_crashes": MAX_CRASHES}
        )
        return [ClaimedJob(**row) for row in rows.mappings()]

    async def run(self, attempt: JobRun) -> None:
        """One attempt: heartbeats while it runs, then done, again later, or failed where people see it."""
        job = attempt.job
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
        try:
            await self._handler(attempt.job.kind)(attempt)
            if not attempt.is_finished:
                async with attempt.finish():
                    pass
        except Exception as error:  # noqa: BLE001 - every failure has an ending
            await self._failed(attempt, error)

    async def _failed(self, attempt: JobRun, error: Exception) -> None:
        """Again, later or never. Raises LeaseLost when that is not ours to say."""
        kind = attempt.job.kind
        if attempt.others:
            log.info("job.parted", kind=kind, jobs=len(attempt.jobs), error=_words(error))
            await attempt.try_again(timedelta(), _words(error))
            self._has_parted = True
        elif isinstance(error, LeaseLost):
            raise error
        elif isinstance(error, Transient):
            await self._later(attempt, error)
        elif isinstance(error, Permanent | LeadFlowError):
            log.warning("job.failed", kind=kind, error=str(error))
            await attempt.fail(str(error))
        else:
            log.error("job.crashed", kind=kind, exc_info=error)
            await self._later(attempt, error)

    def _handler(self, kind: str) -> Handler:
        if kind not in self.handlers:
            raise Permanent(f"Nobody knows how to run {kind!r}.")
        return self.handlers[kind]

    async def _later(self, attempt: JobRun, error: Exception) -> None:
        job, words = attempt.job, _words(error)
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


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
