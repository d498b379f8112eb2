"""The queue of record: claimed by one, run to an end that somebody can see, and never lost with whoever ran it."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra import db, jobs
from leadflow.infra.jobs import Handler, JobRun, JobRunner, LeaseLost
from leadflow.kernel.errors import Invalid, NotFound, Permanent, Transient
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.jobs import MAX_ATTEMPTS, MAX_CRASHES, ClaimedJob, Job, Queue, retry_delay
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser
from tests.fixtures.patience import eventually

QUEUE = Queue.LEARNING
KIND = "test.job"


@pytest.fixture
def northwind_id() -> UUID:
    return new_id()


@pytest.fixture
def rival_id() -> UUID:
    return new_id()


@pytest.fixture(autouse=True)
def an_empty_queue(quiet: App) -> None:
    with as_superuser(quiet.settings) as admin:
        admin.execute("DELETE FROM job")


async def enqueue(app: App, organization_id: UUID, *names: str, kind: str = KIND, **options: Any) -> None:
    async with app.work(system_scope(organization_id)) as work:
        for name in names:
            work.enqueue(Job(kind, {"name": name}, name, QUEUE, **options))


def stored(app: App, organization_id: UUID) -> list[dict[str, Any]]:
    """Every job of the organization as it stands, oldest first."""
    with as_superuser(app.settings) as admin:
        cursor = admin.execute(
            "SELECT *, lease_until > now() AS is_leased, run_at <= now() AS is_due FROM job"
            " WHERE organization_id = %s ORDER BY id",
            (organization_id,),
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def only(app: App, organization_id: UUID) -> dict[str, Any]:
    (job,) = stored(app, organization_id)
    return job


def let_leases_expire(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")


def make_due(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET run_at = now() - interval '1 second' WHERE state = 'ready'")


def runner(app: App, handler: Handler | None = None, *, kind: str = KIND, concurrency: int = 8) -> JobRunner:
    return JobRunner(app, {kind: handler or nothing}, concurrency=concurrency)


async def nothing(_run: JobRun) -> None: ...


def raising(error: Exception) -> Handler:
    async def handler(_run: JobRun) -> None:
        raise error

    return handler


async def claim_one(app: App) -> ClaimedJob:
    (job,) = await runner(app).claim(QUEUE, 1)
    return job


async def effects(app: App, organization_id: UUID) -> int:
    async with app.work(system_scope(organization_id)) as work:
        return int(
            (await work.session.execute(text("SELECT count(*) FROM event WHERE kind = 'test.effect'"))).scalar_one()
        )


def effect() -> Event:
    return Event("test.effect")


class TestEnqueuing:
    async def test_a_waiting_job_absorbs_one_with_the_same_key(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "same")
        await enqueue(quiet, northwind_id, "same", "other", "same")
        assert [job["dedupe_key"] for job in stored(quiet, northwind_id)] == ["same", "other"]

    async def test_the_same_key_of_another_kind_or_organization_is_another_job(
        self, quiet: App, northwind_id: UUID, rival_id: UUID
    ) -> None:
        await enqueue(quiet, northwind_id, "same")
        await enqueue(quiet, northwind_id, "same", kind="test.other")
        await enqueue(quiet, rival_id, "same")
        assert len(stored(quiet, northwind_id)) == 2
        assert len(stored(quiet, rival_id)) == 1

    async def test_a_running_job_absorbs_nothing(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "same")
        await claim_one(quiet)
        await enqueue(quiet, northwind_id, "same")
        assert [job["state"] for job in stored(quiet, northwind_id)] == ["running", "ready"]

    async def test_a_job_that_absorbs_is_not_run_before_what_it_absorbed_has_committed(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        """Else it would read the world as it was, and nobody would come back for what is being written."""
        await enqueue(quiet, northwind_id, "same")
        async with quiet.work(system_scope(northwind_id)) as work:
            work.enqueue(Job(KIND, {}, "same", QUEUE))
            await db._insert_jobs(work, work.jobs)
            assert await runner(quiet).claim(QUEUE, 10) == []
            work.jobs.clear()
        assert len(await runner(quiet).claim(QUEUE, 10)) == 1

    async def test_many_writers_with_the_same_jobs_do_not_embrace(self, quiet: App, northwind_id: UUID) -> None:
        names = [f"job {number}" for number in range(20)]
        await asyncio.gather(
            *(enqueue(quiet, northwind_id, *(names if turn % 2 else reversed(names))) for turn in range(12))
        )
        assert len(stored(quiet, northwind_id)) == len(names)

    async def test_a_job_is_not_due_before_its_time(self, quiet: App, northwind_id: UUID) -> None:
        soon = quiet.clock.now() + timedelta(hours=1)
        await enqueue(quiet, northwind_id, "later", run_at=soon)
        assert await runner(quiet).claim(QUEUE, 10) == []
        make_due(quiet)
        assert len(await runner(quiet).claim(QUEUE, 10)) == 1


class TestClaiming:
    async def test_a_claimed_job_is_leased_and_nobody_elses(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "one")
        job = await claim_one(quiet)
        assert (job.organization_id, job.kind, job.payload) == (northwind_id, KIND, {"name": "one"})
        assert (job.attempts, job.crashes, job.token) == (1, 0, 1)
        assert only(quiet, northwind_id)["is_leased"]
        assert await runner(quiet).claim(QUEUE, 10) == []

    async def test_workers_side_by_side_claim_nothing_twice(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, *(f"job {number}" for number in range(40)))
        claims = await asyncio.gather(*(runner(quiet).claim(QUEUE, 7) for _ in range(8)))
        names = Counter(str(job.payload["name"]) for claim in claims for job in claim)
        assert names.total() == len(names) == 40

    async def test_each_queue_has_its_own(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "one")
        assert await runner(quiet).claim(Queue.SYNC, 10) == []

    async def test_organizations_take_turns(self, quiet: App, northwind_id: UUID, rival_id: UUID) -> None:
        """Northwind has imported a file; Rival's one new lead does not wait for the end of it."""
        await enqueue(quiet, northwind_id, *(f"job {number}" for number in range(30)))
        await enqueue(quiet, rival_id, "one", "two", "three")
        claimed = await runner(quiet).claim(QUEUE, 6)
        assert Counter(job.organization_id for job in claimed) == {northwind_id: 3, rival_id: 3}

    async def test_the_oldest_of_an_organization_come_first(self, quiet: App, northwind_id: UUID) -> None:
        for name in ("first", "second", "third"):
            await enqueue(quiet, northwind_id, name)
        claimed = await runner(quiet).claim(QUEUE, 2)
        assert {job.payload["name"] for job in claimed} == {"first", "second"}


class TestLeases:
    async def test_the_job_of_a_dead_worker_is_claimed_again_and_the_crash_counted(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        first = await claim_one(quiet)
        let_leases_expire(quiet)
        second = await claim_one(quiet)
        assert (second.id, second.crashes, second.attempts) == (first.id, 1, 2)
        assert second.token > first.token
        assert only(quiet, northwind_id)["last_error"] == "the worker died while running it"

    async def test_the_third_crash_puts_it_into_quarantine_where_people_see_it(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        for _ in range(MAX_CRASHES):
            await claim_one(quiet)
            let_leases_expire(quiet)
        assert await runner(quiet).claim(QUEUE, 10) == []
        job = only(quiet, northwind_id)
        assert (job["state"], job["crashes"]) == ("quarantined", 3)
        let_leases_expire(quiet)
        assert await runner(quiet).claim(QUEUE, 10) == []

    async def test_a_handler_that_outlives_its_lease_cannot_finish_and_leaves_no_effect(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        late = JobRun(quiet, await claim_one(quiet))
        let_leases_expire(quiet)
        in_time = JobRun(quiet, await claim_one(quiet))
        async with in_time.finish() as work:
            work.record(effect())
        with pytest.raises(LeaseLost):
            async with late.finish() as work:
                work.record(effect())
                work.enqueue(Job("test.follow_up", {}, "one", QUEUE))
        assert await effects(quiet, northwind_id) == 1
        assert only(quiet, northwind_id)["state"] == "done"
        assert not late.is_finished

    async def test_whoever_lost_it_can_neither_fail_nor_return_nor_keep_it(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        late = JobRun(quiet, await claim_one(quiet))
        let_leases_expire(quiet)
        await claim_one(quiet)
        with pytest.raises(LeaseLost):
            await late.extend()
        with pytest.raises(LeaseLost):
            await late.fail("too late")
        await late.try_again(timedelta(), "too late")
        job = only(quiet, northwind_id)
        assert (job["state"], job["is_leased"], job["last_error"]) == (
            "running", True, "the worker died while running it",
        )  # fmt: skip

    async def test_a_lease_that_ran_out_unnoticed_is_still_good(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "one")
        slow = JobRun(quiet, await claim_one(quiet))
        let_leases_expire(quiet)
        async with slow.finish() as work:
            work.record(effect())
        assert (only(quiet, northwind_id)["state"], await effects(quiet, northwind_id)) == ("done", 1)

    async def test_a_heartbeat_keeps_a_long_job(
        self, quiet: App, northwind_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))
        extended = asyncio.Event()

        async def long(run: JobRun) -> None:
            before = only(quiet, northwind_id)["lease_until"]
            await eventually(lambda: only(quiet, northwind_id)["lease_until"] > before)
            extended.set()

        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, long).run_due(QUEUE)
        assert extended.is_set()
        assert only(quiet, northwind_id)["state"] == "done"

    async def test_a_handler_is_stopped_once_its_job_is_somebody_elses(
        self, quiet: App, northwind_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
        stopped = asyncio.Event()

        async def stuck(_run: JobRun) -> None:
            let_leases_expire(quiet)
            await claim_one(quiet)
            monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=60))
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, stuck).run_due(QUEUE)
        assert stopped.is_set()
        assert only(quiet, northwind_id)["token"] == 2


class TestEndings:
    async def test_a_job_that_ran_is_done_once(self, quiet: App, northwind_id: UUID) -> None:
        ran: list[ClaimedJob] = []

        async def handler(run: JobRun) -> None:
            ran.append(run.job)

        await enqueue(quiet, northwind_id, "one", "two")
        assert await runner(quiet, handler).run_due(QUEUE) == 2
        assert await runner(quiet, handler).run_due(QUEUE) == 0
        assert len(ran) == 2
        assert {(job["state"], job["lease_until"]) for job in stored(quiet, northwind_id)} == {("done", None)}

    async def test_effects_and_completion_commit_together_or_not_at_all(self, quiet: App, northwind_id: UUID) -> None:
        async def breaks(run: JobRun) -> None:
            async with run.finish() as work:
                work.record(effect())
                raise RuntimeError("in the middle")

        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, breaks).run_due(QUEUE)
        assert (only(quiet, northwind_id)["state"], await effects(quiet, northwind_id)) == ("ready", 0)

    async def test_it_acts_in_the_organization_of_its_row_whatever_its_payload_says(
        self, quiet: App, northwind_id: UUID, rival_id: UUID
    ) -> None:
        async def handler(run: JobRun) -> None:
            async with run.finish() as work:
                work.record(effect())

        async with quiet.work(system_scope(rival_id)) as work:
            work.enqueue(Job(KIND, {"organization_id": str(northwind_id)}, "one", QUEUE))
        await runner(quiet, handler).run_due(QUEUE)
        assert (await effects(quiet, northwind_id), await effects(quiet, rival_id)) == (0, 1)

    @pytest.mark.parametrize("error", [Transient("not now"), RuntimeError("a bug"), TimeoutError(), OSError("gone")])
    async def test_what_may_work_later_is_tried_again_after_a_while(
        self, quiet: App, northwind_id: UUID, error: Exception
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, raising(error)).run_due(QUEUE)
        job = only(quiet, northwind_id)
        assert (job["state"], job["is_due"], job["attempts"], job["crashes"]) == ("ready", False, 1, 0)
        assert type(error).__name__ in job["last_error"]
        make_due(quiet)
        await runner(quiet).run_due(QUEUE)
        assert only(quiet, northwind_id)["state"] == "done"

    @pytest.mark.parametrize("error", [Permanent("never"), NotFound("no lead"), Invalid("no number")])
    async def test_what_will_never_work_fails_at_once_and_says_why(
        self, quiet: App, northwind_id: UUID, error: Exception
    ) -> None:
        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, raising(error)).run_due(QUEUE)
        job = only(quiet, northwind_id)
        assert (job["state"], job["last_error"]) == ("failed", str(error))
        assert job["finished_at"] is not None

    async def test_patience_ends(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "one")
        for _ in range(MAX_ATTEMPTS):
            assert only(quiet, northwind_id)["state"] == "ready"
            make_due(quiet)
            await runner(quiet, raising(Transient("not now"))).run_due(QUEUE)
        assert only(quiet, northwind_id)["state"] == "failed"

    async def test_a_kind_that_nobody_knows_fails_visibly(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "one", kind="test.unheard_of")
        await runner(quiet).run_due(QUEUE)
        job = only(quiet, northwind_id)
        assert (job["state"], job["last_error"]) == ("failed", "Nobody knows how to run 'test.unheard_of'.")

    async def test_a_retry_is_absorbed_by_the_same_job_if_that_waits_already(
        self, quiet: App, northwind_id: UUID
    ) -> None:
        async def asked_again(_run: JobRun) -> None:
            await enqueue(quiet, northwind_id, "same")
            raise Transient("not now")

        await enqueue(quiet, northwind_id, "same")
        attempt = await claim_one(quiet)
        await runner(quiet, asked_again).run(attempt)
        assert [job["state"] for job in stored(quiet, northwind_id)] == ["done", "ready"]

    @given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
    def test_delays_grow_and_stay_within_an_hour_and_a_half(self, attempts: int, jitter: float) -> None:
        delay = retry_delay(attempts, jitter)
        assert timedelta(seconds=15) <= delay <= timedelta(seconds=5400)
        assert delay <= retry_delay(attempts + 1, jitter)
        if attempts == 1:
            assert delay <= timedelta(seconds=45)


class TestRunner:
    async def test_it_never_runs_more_at_once_than_it_was_told(self, quiet: App, northwind_id: UUID) -> None:
        running, most = 0, 0

        async def handler(_run: JobRun) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

        await enqueue(quiet, northwind_id, *(f"job {number}" for number in range(60)))
        busy = runner(quiet, handler, concurrency=4)

        async def all_done() -> bool:
            await asyncio.gather(*(busy.run_due(QUEUE) for _ in range(10)))
            return {job["state"] for job in stored(quiet, northwind_id)} == {"done"}

        await eventually(all_done)
        assert most == 4

    async def test_a_stuck_job_does_not_stop_the_others(self, quiet: App, northwind_id: UUID) -> None:
        is_stuck, release = asyncio.Event(), asyncio.Event()

        async def handler(run: JobRun) -> None:
            match run.job.payload["name"]:
                case "second":
                    await is_stuck.wait()
                case "stuck":
                    is_stuck.set()
                    await release.wait()

        for name in ("first", "second", "stuck", *(f"job {number}" for number in range(10))):
            await enqueue(quiet, northwind_id, name)
        busy = runner(quiet, handler, concurrency=2)
        task = asyncio.create_task(busy.run_due(QUEUE))
        await eventually(lambda: Counter(job["state"] for job in stored(quiet, northwind_id))["done"] == 12)
        release.set()
        assert await task == 13
        await busy.drain(30)
        assert {job["state"] for job in stored(quiet, northwind_id)} == {"done"}

    async def test_a_worker_that_is_stopped_hands_its_jobs_back(self, quiet: App, northwind_id: UUID) -> None:
        started = asyncio.Event()

        async def stuck(run: JobRun) -> None:
            async with run.finish() as work:
                work.record(effect())
                started.set()
                await asyncio.Event().wait()

        await enqueue(quiet, northwind_id, "one")
        busy = runner(quiet, stuck)
        sweeper = asyncio.create_task(busy.run_due(QUEUE))
        await started.wait()
        await _end(sweeper)
        await busy.drain(0)
        job = only(quiet, northwind_id)
        assert (job["state"], job["is_due"], job["crashes"]) == ("ready", True, 0)
        assert job["last_error"] == "the worker was stopped"
        assert await effects(quiet, northwind_id) == 0
        await runner(quiet).run_due(QUEUE)
        assert only(quiet, northwind_id)["state"] == "done"

    async def test_a_job_that_ends_in_time_is_not_handed_back(self, quiet: App, northwind_id: UUID) -> None:
        started = asyncio.Event()

        async def short(_run: JobRun) -> None:
            started.set()
            await asyncio.sleep(0.05)

        await enqueue(quiet, northwind_id, "one")
        busy = runner(quiet, short)
        sweeper = asyncio.create_task(busy.run_due(QUEUE))
        await started.wait()
        await _end(sweeper)
        await busy.drain(30)
        assert only(quiet, northwind_id)["state"] == "done"


class TestHousekeeping:
    async def test_only_what_is_done_and_old_is_purged(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "old", "recent", "failed", "waiting")
        with as_superuser(quiet.settings) as admin:
            for name, state, days in (("old", "done", 8), ("recent", "done", 6), ("failed", "failed", 400)):
                admin.execute(
                    "UPDATE job SET state = %s, finished_at = now() - make_interval(days => %s) WHERE dedupe_key = %s",
                    (state, days, name),
                )
            admin.execute(
                "INSERT INTO idempotency_key (organization_id, key, status, created_at) VALUES"
                " (%(o)s, 'old', 200, now() - interval '8 days'), (%(o)s, 'recent', 200, now())",
                {"o": northwind_id},
            )
        async with quiet.across() as session:
            await session.execute(text("SELECT purge_finished(interval '7 days')"))
        assert [job["dedupe_key"] for job in stored(quiet, northwind_id)] == ["recent", "failed", "waiting"]
        with as_superuser(quiet.settings) as admin:
            kept = admin.execute("SELECT key FROM idempotency_key WHERE organization_id = %s", (northwind_id,))
            assert kept.fetchall() == [("recent",)]


async def _end(sweeper: asyncio.Task[int]) -> None:
    """First of all a worker that stops claims nothing more."""
    sweeper.cancel()
    with suppress(asyncio.CancelledError):
        await sweeper
