"""Captures at the same time are one lead per person, and everybody is looked up."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.leads.jobs import ENRICH_BATCH, enrich_jobs
from tests.fixtures.cast import Member
from tests.leads.desk import capture, capture_all, kinds, log

ADA_LOVELACE = {"name": "Ada Lovelace", "email": "ada@acme.example", "company": "Acme", "source": "website"}


class TestAtTheSameTime:
    async def test_fifty_captures_of_one_person_are_one_lead(self, desk: App, ben: Member) -> None:
        captured = await asyncio.gather(*(capture(desk, ben, **ADA_LOVELACE, phone="+4930901820") for _ in range(50)))
        assert len({each.lead_id for each in captured}) == 1
        assert sum(not each.joined for each in captured) == 1
        told = await kinds(desk, ben, captured[0].lead_id)
        assert sorted(told) == ["lead.captured"] + ["lead.joined"] * 49

    async def test_batches_of_the_same_people_in_any_order_all_succeed(self, desk: App, ben: Member) -> None:
        people = [CaptureLead(email=f"p{number}@acme.example", name=f"P{number}") for number in range(30)]
        await capture_all(desk, ben, *people)
        orders = [people[turn:] + people[:turn] if turn % 2 else list(reversed(people)) for turn in range(10)]
        results = await asyncio.gather(*(capture_all(desk, ben, *order) for order in orders))
        assert all(each.joined for result in results for each in result)
        assert len({event.lead_id for event in await log(desk, ben)}) == 30

    async def test_strangers_do_not_wait_for_each_other(self, desk: App, ben: Member) -> None:
        async with desk.work(ben) as slow:
            await leads.capture(slow, CaptureLead(email="slow@acme.example"))
            quick = await asyncio.wait_for(capture(desk, ben, email="quick@acme.example"), 20)
        assert not quick.joined

    async def test_a_capture_that_was_taken_back_leaves_the_person_to_the_next(self, desk: App, ben: Member) -> None:
        waiting: asyncio.Task[object] | None = None
        with pytest.raises(RuntimeError):
            async with desk.work(ben) as work:
                await leads.capture(work, CaptureLead(**ADA_LOVELACE))
                waiting = asyncio.create_task(capture(desk, ben, **ADA_LOVELACE))
                await asyncio.sleep(0.05)
                raise RuntimeError
        assert waiting is not None
        assert not (await waiting).joined  # type: ignore[attr-defined]


class TestAskingForFacts:
    def test_a_large_import_is_a_few_jobs_that_name_everybody_once(self) -> None:
        ids = [uuid4() for _ in range(ENRICH_BATCH * 2 + 1)]
        jobs = list(enrich_jobs([*ids, *ids]))
        named = [UUID(str(name)) for job in jobs for name in job.payload["lead_ids"]]  # type: ignore[union-attr]
        assert len(jobs) == 3
        assert named == ids

    def test_the_same_leads_are_the_same_job(self) -> None:
        ids = [uuid4() for _ in range(3)]
        assert [job.dedupe_key for job in enrich_jobs(ids)] == [job.dedupe_key for job in enrich_jobs(ids)]

    def test_other_leads_are_another_job_even_if_the_first_and_the_number_agree(self) -> None:
        first = uuid4()
        (one,) = enrich_jobs([first, uuid4()])
        (other,) = enrich_jobs([first, uuid4()])
        assert one.dedupe_key != other.dedupe_key

    async def test_everybody_of_two_overlapping_batches_is_looked_up(self, desk: App, ben: Member) -> None:
        batches = (("ada", "bob"), ("ada", "cyd"))
        for batch in batches:
            await capture_all(desk, ben, *(CaptureLead(email=f"{name}@acme.example") for name in batch))
        async with desk.work(ben) as work:
            payloads = (await work.session.execute(text("SELECT payload FROM job"))).scalars().all()
        assert len({name for payload in payloads for name in payload["lead_ids"]}) == 3
