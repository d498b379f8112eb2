"""Reminders: they come when they are due, once, and never for what is done, deleted or put off."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from leadflow import tasks
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.live import News, news_of
from leadflow.tasks import Snooze
from tests.fixtures.floor import Floor
from tests.fixtures.office import MONDAY
from tests.tasks.desk import add, change, look, me, reminded, said, tick
from tests.tasks.test_service import do

HOUR = timedelta(hours=1)
TEN = MONDAY + HOUR


@pytest.fixture
async def task(office: App, clock: FixedClock, floor: Floor) -> UUID:
    """To be reminded of at ten."""
    return await add(office, floor.ben, remind_at=TEN)


async def at(app: App, clock: FixedClock, floor: Floor, moment: datetime) -> list[str]:
    """What Ben is reminded of at this moment, after the job has run."""
    clock.at = moment
    await tick(app, floor.ben)
    return await reminded(app, floor.ben)


async def test_it_comes_when_it_is_due_and_to_whoever_has_the_task(
    office: App, clock: FixedClock, floor: Floor, task: UUID
) -> None:
    assert await tick(office, floor.ben) == [TEN]
    assert await reminded(office, floor.ben) == []
    assert await at(office, clock, floor, TEN) == ["Call back"]
    assert await reminded(office, floor.ada) == []
    assert await at(office, clock, floor, TEN + HOUR) == ["Call back"]
    assert [event.kind for event in await said(office, floor.ben, task)] == ["task.created", "task.reminded"]


async def test_it_rings_for_the_assignee(office: App, clock: FixedClock, floor: Floor, task: UUID) -> None:
    clock.at = TEN
    async with office.work(floor.ada) as work:
        await tasks.tick(work)
        assert news_of(event for event, _ in work.events) == (News("tasks", (me(floor.ben),)),)


@pytest.mark.parametrize("step", ["complete", "delete"])
async def test_what_is_done_or_deleted_reminds_nobody(
    office: App, clock: FixedClock, floor: Floor, task: UUID, step: str
) -> None:
    await do(office, floor.ben, step, task)
    assert await at(office, clock, floor, TEN) == []
    await do(office, floor.ben, {"complete": "reopen", "delete": "restore"}[step], task)
    assert await at(office, clock, floor, TEN + HOUR) == []


@pytest.mark.parametrize("step", ["complete", "delete"])
async def test_taken_back_in_time_it_reminds_after_all(
    office: App, clock: FixedClock, floor: Floor, task: UUID, step: str
) -> None:
    await do(office, floor.ben, step, task)
    await do(office, floor.ben, {"complete": "reopen", "delete": "restore"}[step], task)
    assert await at(office, clock, floor, TEN) == ["Call back"]


async def test_another_moment_takes_the_place_of_the_one_before(
    office: App, clock: FixedClock, floor: Floor, task: UUID
) -> None:
    await change(office, floor.ben, task, remind_at=TEN + HOUR)
    assert await at(office, clock, floor, TEN) == []
    assert await at(office, clock, floor, TEN + HOUR) == ["Call back"]
    await change(office, floor.ben, task, remind_at=TEN + 3 * HOUR)
    assert await reminded(office, floor.ben) == []
    await change(office, floor.ben, task, remind_at=None)
    assert await at(office, clock, floor, TEN + 3 * HOUR) == []


async def test_put_off_it_comes_again_and_seen_it_does_not(
    office: App, clock: FixedClock, floor: Floor, task: UUID
) -> None:
    await at(office, clock, floor, TEN)
    async with office.work(floor.ben) as work:
        await tasks.snooze(work, task, Snooze(minutes=30))
    assert await reminded(office, floor.ben) == []
    assert await at(office, clock, floor, TEN + HOUR / 2) == ["Call back"]
    await do(office, floor.ben, "seen", task)
    await do(office, floor.ben, "seen", task)
    assert await at(office, clock, floor, TEN + 9 * HOUR) == []
    assert (await look(office, floor.ben, task))["done_at"] is None
    told = [event.kind for event in await said(office, floor.ben, task)]
    assert told == ["task.created", "task.reminded", "task.snoozed", "task.reminded", "task.seen"]


async def test_nobody_answers_for_somebody_else(office: App, clock: FixedClock, floor: Floor, task: UUID) -> None:
    await at(office, clock, floor, TEN)
    with pytest.raises(Forbidden):
        await do(office, floor.cleo, "seen", task)
    with pytest.raises(Forbidden):
        async with office.work(floor.cleo) as work:
            await tasks.snooze(work, task, Snooze())
    assert await reminded(office, floor.ben) == ["Call back"]


async def test_a_moment_that_has_passed_when_it_is_said_reminds_nobody(
    office: App, clock: FixedClock, floor: Floor
) -> None:
    await add(office, floor.ben, remind_at=MONDAY - HOUR)
    assert await tick(office, floor.ben) == []
    assert await reminded(office, floor.ben) == []
