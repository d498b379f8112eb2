"""The queue of record: enqueued once, claimed by one, and never lost with whoever ran it."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.infra import jobs
from leadflow.infra.jobs import JobRun, LeaseLost
from leadflow.kernel.jobs import MAX_CRASHES, Job, Queue
from tests.fixtures.patience import eventually
from tests.infra.queue.clerk import (
    KIND,
    QUEUE,
    claim_one,
    commits_held_up,
    effect,
    effects,
    enqueue,
    is_held_up,
    let_leases_expire,
    make_due,
    only,
    runner,
    stored,
)


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
        await enqueue(quiet, northwind_id, "held")
        with commits_held_up(quiet) as release:
            absorbed = asyncio.create_task(enqueue(quiet, northwind_id, "held"))
            await eventually(lambda: is_held_up(quiet))
            assert await runner(quiet).claim(QUEUE, 10) == []
            release()
            await absorbed
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
            await asyncio.sleep(0)  # the heart begins to beat, at the pace of the short lease
            monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=60))
            let_leases_expire(quiet)
            await claim_one(quiet)
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        await enqueue(quiet, northwind_id, "one")
        await runner(quiet, stuck).run_due(QUEUE)
        assert stopped.is_set()
        assert only(quiet, northwind_id)["token"] == 2
