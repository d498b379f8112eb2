"""Every run comes to an end that somebody can see."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRun, takes_several
from leadflow.kernel.errors import Invalid, NotFound, Permanent, Transient
from leadflow.kernel.jobs import MAX_ATTEMPTS, ClaimedJob, Job, retry_delay
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser
from tests.fixtures.patience import eventually
from tests.infra.queue.clerk import (
    KIND,
    QUEUE,
    claim_one,
    effect,
    effects,
    enqueue,
    make_due,
    only,
    raising,
    run_all,
    runner,
    stored,
)


class TestEndings:
    async def test_a_job_that_ran_is_done_once(self, quiet: App, northwind_id: UUID) -> None:
        ran: list[ClaimedJob] = []

        async def handler(run: JobRun) -> None:
            ran.append(run.job)

        await enqueue(quiet, northwind_id, "one", "two")
        assert await run_all(quiet, handler) == 2
        assert await run_all(quiet, handler) == 0
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
        await runner(quiet, asked_again).run(JobRun(quiet, await claim_one(quiet)))
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


class TestTogether:
    """Jobs of one organization that a handler takes several of."""

    async def test_jobs_of_one_organization_are_run_in_one_go(
        self, quiet: App, northwind_id: UUID, rival_id: UUID
    ) -> None:
        ran: list[tuple[UUID, set[object]]] = []

        @takes_several
        async def handler(run: JobRun) -> None:
            ran.append((run.scope.organization_id, {job.payload["name"] for job in run.jobs}))

        await enqueue(quiet, northwind_id, "one", "two", "three")
        await enqueue(quiet, rival_id, "hers")
        assert await run_all(quiet, handler) == 4
        assert sorted(ran) == sorted([(northwind_id, {"one", "two", "three"}), (rival_id, {"hers"})])
        assert {job["state"] for job in stored(quiet, northwind_id)} == {"done"}

    async def test_whatever_fails_fails_alone(self, quiet: App, northwind_id: UUID) -> None:
        done: list[object] = []

        @takes_several
        async def handler(run: JobRun) -> None:
            names = [job.payload["name"] for job in run.jobs]
            if "bad" in names:
                raise Permanent("no use")
            done.extend(names)

        await enqueue(quiet, northwind_id, "one", "bad", "two")
        await run_all(quiet, handler)
        assert sorted(map(str, done)) == ["one", "two"]
        states = {job["payload"]["name"]: job["state"] for job in stored(quiet, northwind_id)}
        assert states == {"one": "done", "bad": "failed", "two": "done"}

    async def test_one_lost_lease_and_nothing_of_the_rest_is_stored_twice(self, quiet: App, northwind_id: UUID) -> None:
        await enqueue(quiet, northwind_id, "lost", "kept")
        first, second = await runner(quiet).claim(QUEUE, 2)
        with as_superuser(quiet.settings) as admin:
            admin.execute("UPDATE job SET token = token + 1 WHERE id = %s", (first.id,))

        @takes_several
        async def handler(run: JobRun) -> None:
            async with run.finish() as work:
                work.record_all(effect() for _ in run.jobs)

        await runner(quiet, handler).run(JobRun(quiet, first, (second,)))
        assert await effects(quiet, northwind_id) == 0
        assert await runner(quiet, handler).run_due(QUEUE) == 1
        assert await effects(quiet, northwind_id) == 1
        assert sorted(job["state"] for job in stored(quiet, northwind_id)) == ["done", "running"]
