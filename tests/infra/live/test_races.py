"""Whatever happens at the same time, every screen ends up with the truth."""

import asyncio
import random
from typing import Any

import pytest

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import Hub
from tests.fixtures.cast import Member
from tests.fixtures.patience import eventually
from tests.infra.live.writing import Gate, agrees, capture, shows, truth, update
from tests.infra.screens import opened


class TestRaces:
    async def test_a_change_that_overtakes_the_first_picture_is_not_undone_by_it(
        self, quiet: App, doorbell: RedisDoorbell, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        gate = Gate(quiet)
        async with Hub(gate, doorbell).running() as hub, opened(hub, ada) as keeper, opened(hub, ada) as screen:
            kept = await keeper.sees()
            gate.holds = 1
            picture = screen.watch()
            await gate.held.wait()
            await update(quiet, ada, lead, name="Changed")
            new = await capture(quiet, ada, "New")
            await eventually(shows(kept, new))
            gate.open.set()
            await eventually(shows(picture, lead, name="Changed"))
            await eventually(shows(picture, new))

    async def test_a_change_that_overtakes_what_was_missed_is_not_undone_by_it(
        self, quiet: App, doorbell: RedisDoorbell, ada: Member
    ) -> None:
        """While it is computed that the lead has left the filter, it comes back."""
        lead = await capture(quiet, ada)
        gate = Gate(quiet)
        async with Hub(gate, doorbell).running() as hub, opened(hub, ada) as keeper, opened(hub, ada) as screen:
            kept = await keeper.sees(stage="new")
            since = kept.rev
            await update(quiet, ada, lead, stage="won")
            await eventually(lambda: not kept.rows)
            gate.holds = 1
            picture = screen.watch(stage="new", since=since)
            await gate.held.wait()
            await update(quiet, ada, lead, stage="new")
            await eventually(shows(kept, lead))
            gate.open.set()
            await eventually(shows(picture, lead, stage="new"))
            await screen.heard_all()
            assert picture.rows == await truth(quiet, ada, {"stage": "new"})

    async def test_counts_reach_those_who_were_there_before_somebody_came(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        """The newcomer's picture has the new counts; that does not make them old news for the others."""
        async with opened(hub, ada) as one:
            picture = await one.sees()
            for number in range(1, 6):
                await capture(quiet, ada, f"Lead {number}")
                async with opened(hub, ada) as other:
                    assert (await other.sees()).counts["new"]["count"] == number
                await eventually(lambda number=number: picture.counts.get("new", {}).get("count") == number)

    @pytest.mark.parametrize("seed", range(3))
    async def test_whatever_happens_meanwhile_every_screen_ends_up_with_the_truth(
        self, quiet: App, hub: Hub, ada: Member, silent: Database, seed: int
    ) -> None:
        dice = random.Random(seed)
        ids = [await capture(quiet, ada, f"Lead {number}") for number in range(8)]
        is_over = asyncio.Event()
        wanted: tuple[dict[str, Any], ...] = ({}, {"stage": "new"}, {"stage": "won,qualified"}, {"q": "lead 1"})

        async def writer() -> None:
            for _ in range(40):
                app = dice.choice((quiet, quiet, quiet, silent))
                match dice.randrange(4):
                    case 0:
                        ids.append(await capture(app, ada, f"Lead {dice.randrange(20)}"))
                    case _:
                        stage = dice.choice(("new", "won", "qualified", "lost"))
                        await update(app, ada, dice.choice(ids), stage=stage, name=f"Lead {dice.randrange(20)}")
                await asyncio.sleep(dice.random() * 0.01)

        async def slowly() -> None:
            await asyncio.sleep(dice.random() * 0.03)

        async def viewer(number: int) -> None:
            """Comes and goes, and comes back with what it knew."""
            request = wanted[number % len(wanted)]
            rows: dict[str, Any] = {}
            since: str | None = None
            while not is_over.is_set():
                async with opened(hub, ada, pace=slowly if number % 2 else None) as screen:
                    picture = screen.watch(since=since, rows=rows, **request)
                    await eventually(lambda picture=picture: picture.sub is not None)
                    await asyncio.sleep(dice.random() * 0.2)
                    rows, since = picture.rows, picture.rev if dice.random() < 0.8 else None
                    if since is None:
                        rows = {}
                    if is_over.is_set():
                        await eventually(lambda picture=picture: agrees(quiet, ada, picture, request))

        async with asyncio.TaskGroup() as group:
            viewers = [group.create_task(viewer(number)) for number in range(6)]
            async with asyncio.TaskGroup() as writers:
                for _ in range(3):
                    writers.create_task(writer())
            is_over.set()
            await asyncio.gather(*viewers)

    async def test_a_screen_that_stays_ends_up_with_the_truth_however_slow_it_is(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        dice = random.Random(7)
        ids = [await capture(quiet, ada, f"Lead {number}") for number in range(5)]

        async def slowly() -> None:
            await asyncio.sleep(0.05)

        async with opened(hub, ada, pace=slowly) as slow, opened(hub, ada) as quick:
            pictures = [(await screen.sees(stage="new"), screen) for screen in (slow, quick)]
            for _ in range(120):
                await update(quiet, ada, dice.choice(ids), stage=dice.choice(("new", "won")), value=dice.randrange(9))
            for picture, _ in pictures:
                await eventually(lambda picture=picture: agrees(quiet, ada, picture, {"stage": "new"}))
            assert len(slow.frames) < len(quick.frames)
