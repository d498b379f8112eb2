"""A projector that runs: woken by the bell, found out by the sweep, and stopped by nobody's failure."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from leadflow.bootstrap import App
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope
from tests.fixtures.patience import eventually
from tests.infra.log.reading import (
    NEVER,
    Copying,
    Crash,
    begin,
    happen,
    happen_and_ring,
    has,
    readable,
    running,
    without_sweep,
)


class TestRunning:
    async def test_a_backlog_is_found_without_any_bell(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name)
        await happen(quiet, northwind_id, "test.one")
        async with running(copying.projector(), poll_s=0.05):
            await eventually(lambda: copying.copied(northwind_id))
            await happen(quiet, northwind_id, "test.two")
            await eventually(lambda: has(copying, northwind_id, 2))

    async def test_a_bell_is_answered_without_waiting_for_the_sweep(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        projector = without_sweep(copying)
        async with running(projector, poll_s=NEVER):
            ring = await happen_and_ring(quiet, northwind_id, "test.one")
            projector.ring(ring)
            await eventually(lambda: copying.copied(northwind_id))

    async def test_what_can_wait_is_left_to_the_sweep(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name, kinds=("test.", "lead.won"), patient=frozenset({"test."}))
        projector = without_sweep(copying)
        async with running(projector, poll_s=NEVER):
            projector.ring(await happen_and_ring(quiet, northwind_id, "test.one"))
            await asyncio.sleep(0.1)
            assert await copying.copied(northwind_id) == []
            projector.ring(await happen_and_ring(quiet, northwind_id, "lead.won"))
            await eventually(lambda: has(copying, northwind_id, 2))
        await happen(quiet, northwind_id, "test.two")
        async with running(copying.projector(), poll_s=0.05):
            await eventually(lambda: has(copying, northwind_id, 3))

    async def test_a_commit_that_rang_too_early_is_read_once_the_older_ones_have_ended(
        self, quiet: App, northwind_id: UUID, rival_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        projector = without_sweep(copying)
        async with running(projector, poll_s=NEVER):
            async with quiet.work(system_scope(rival_id)) as older:
                await begin(older)
                projector.ring(await happen_and_ring(quiet, northwind_id, "test.one"))
                await asyncio.sleep(0.1)
                assert await copying.copied(northwind_id) == []
            await eventually(lambda: copying.copied(northwind_id))

    async def test_a_bell_that_rings_while_others_are_served_is_not_forgotten(
        self, quiet: App, northwind_id: UUID, rival_id: UUID, name: str
    ) -> None:
        async def meanwhile(work: Work, _events: Sequence[RecordedEvent]) -> None:
            if work.organization_id == northwind_id:
                await older.__aenter__()
                await begin(held[0])
                projector.ring(await happen_and_ring(quiet, rival_id, "test.second"))
                served.set()

        held: list[Work] = []

        @asynccontextmanager
        async def hold() -> AsyncIterator[None]:
            async with quiet.work(system_scope(new_id())) as work:
                held.append(work)
                yield

        older, served = hold(), asyncio.Event()
        copying = Copying(quiet, name, before=meanwhile)
        projector = without_sweep(copying)
        rings = [await happen_and_ring(quiet, each, "test.first") for each in (northwind_id, rival_id)]
        await eventually(lambda: readable(projector, rings))
        for ring in rings:
            projector.ring(ring)
        async with running(projector, poll_s=NEVER):
            await served.wait()
            await eventually(lambda: copying.copied(rival_id))
            await older.__aexit__(None, None, None)
            await eventually(lambda: has(copying, rival_id, 2))
        assert await copying.copied(rival_id) == ["test.first", "test.second"]

    async def test_an_organization_whose_events_cannot_be_folded_does_not_stop_the_others(
        self, quiet: App, northwind_id: UUID, rival_id: UUID, name: str
    ) -> None:
        def refuse(work: Work, _events: Sequence[RecordedEvent]) -> None:
            if work.organization_id == northwind_id:
                raise Crash

        copying = Copying(quiet, name, before=refuse)
        await happen(quiet, northwind_id, "test.poison")
        for kind in ("test.one", "test.two"):
            await happen(quiet, rival_id, kind)
        projector = copying.projector()

        async def poisoned_first() -> list[UUID]:
            return [northwind_id, rival_id]

        projector.backlog = poisoned_first  # type: ignore[method-assign]
        async with running(projector, poll_s=0.05):
            await eventually(lambda: has(copying, rival_id, 2))
        assert await copying.copied(northwind_id) == []

    async def test_a_fold_that_failed_is_tried_again(self, quiet: App, northwind_id: UUID, name: str) -> None:
        crashes = [Crash(), Crash()]

        def stumble(work: Work, _events: Sequence[RecordedEvent]) -> None:
            if work.organization_id == northwind_id and crashes:
                raise crashes.pop()

        copying = Copying(quiet, name, before=stumble)
        await happen(quiet, northwind_id, "test.one")
        async with running(copying.projector(), poll_s=0.05):
            await eventually(lambda: copying.copied(northwind_id))
        assert await copying.copied(northwind_id) == ["test.one"]
