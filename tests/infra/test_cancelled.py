"""Whoever is cut off in the middle of a question leaves no answer behind for the next one."""

import asyncio
import random
from contextlib import suppress

from sqlalchemy import text

from leadflow.bootstrap import App
from tests.fixtures.cast import Member

ASKED = text("SELECT CAST(:number AS int)")
SLOW = text("SELECT CAST(:number AS int) FROM pg_sleep(0.002)")


async def ask(app: App, who: Member, number: int, *, writes: bool) -> int:
    async with app.work(who) if writes else app.reading(who) as work:
        await work.session.execute(SLOW, {"number": -1})
        return int((await work.session.execute(ASKED, {"number": number})).scalar_one())


async def test_the_next_one_gets_its_own_answer(app: App, ada: Member, mallory: Member) -> None:
    dice = random.Random(1)
    for number in range(150):
        tasks = [asyncio.create_task(ask(app, who, number, writes=dice.random() < 0.5)) for who in (ada, mallory, ada)]
        await asyncio.sleep(dice.random() * 0.008)
        for task in tasks[: dice.randrange(1, 4)]:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                assert await task == number
        assert await ask(app, ada, number, writes=number % 2 == 0) == number
