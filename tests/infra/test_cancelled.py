"""Whoever is cut off in the middle of a question leaves no answer behind for the next one."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Generator
from contextlib import suppress
from typing import Any

import pytest
from psycopg import AsyncConnection
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.events import Event
from tests.fixtures.cast import Member

ASKED = text("SELECT CAST(:number AS int)")
SLOW = text("SELECT CAST(:number AS int) FROM pg_sleep(0.002)")


async def ask(app: App, who: Member, number: int) -> int:
    async with app.reading(who) as work:
        return int((await work.session.execute(ASKED, {"number": number})).scalar_one())


async def tell(app: App, who: Member, number: int) -> int:
    async with app.work(who) as work:
        work.record(Event("test.told"))
        await work.session.execute(SLOW, {"number": -1})
        return int((await work.session.execute(ASKED, {"number": number})).scalar_one())


def cut_at_the_end(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Cancel whoever is about to wait for the answers at the end of their pipeline number `number`."""
    wait, ends = AsyncConnection.wait, iter(range(number + 1))

    async def cut(self: AsyncConnection[Any], gen: Generator[Any, Any, Any], *how: Any, **more: Any) -> Any:
        if gen.__name__ == "_exit_gen" and next(ends, None) == number:
            task = asyncio.current_task()
            assert task
            task.cancel()
            await asyncio.sleep(0)
        return await wait(self, gen, *how, **more)

    monkeypatch.setattr(AsyncConnection, "wait", cut)


@pytest.mark.parametrize(("does", "number"), [(ask, 0), (tell, 0), (tell, 1)])
async def test_cut_off_at_the_end_of_a_pipeline_it_is_cancelled_and_the_next_ones_get_their_own(
    app: App, ada: Member, mallory: Member, does: Callable[..., Awaitable[int]], number: int
) -> None:
    for _ in range(10):
        with pytest.MonkeyPatch.context() as patch:
            cut_at_the_end(patch, number)
            task = asyncio.create_task(does(app, ada, 1))
            with pytest.raises(asyncio.CancelledError):
                await task
        found = await asyncio.gather(*(ask(app, who, place) for place, who in enumerate((mallory, ada) * 5)))
        assert found == list(range(10))
        assert await tell(app, mallory, 7) == 7


async def test_cut_off_at_any_moment_the_next_one_gets_its_own(app: App, ada: Member, mallory: Member) -> None:
    dice = random.Random(1)
    for number in range(150):
        tasks = [asyncio.create_task(dice.choice((ask, tell))(app, who, number)) for who in (ada, mallory, ada)]
        await asyncio.sleep(dice.random() * 0.008)
        for task in tasks[: dice.randrange(1, 4)]:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                assert await task == number
        assert await ask(app, ada, number) == number
