"""Reading the log: in order, nothing passed over, nothing twice; alone, side by side, and after a crash."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser
from tests.fixtures.patience import eventually
from tests.infra.log.reading import (
    Copying,
    Crash,
    begin,
    happen,
    running,
    write_event,
)


class TestOrder:
    @pytest.mark.parametrize("takes_its_place_first", [True, False])
    async def test_a_transaction_that_began_earlier_and_commits_later_is_not_passed_over(
        self, quiet: App, northwind_id: UUID, name: str, takes_its_place_first: bool
    ) -> None:
        copying = Copying(quiet, name)
        projector = copying.projector()
        async with quiet.work(system_scope(northwind_id)) as slow:
            await begin(slow)
            if takes_its_place_first:
                await write_event(slow, "test.slow")
            await happen(quiet, northwind_id, "test.quick")
            assert await projector.catch_up(northwind_id) == 0
            if not takes_its_place_first:
                await write_event(slow, "test.slow")
        await eventually(lambda: projector.catch_up(northwind_id))
        assert await copying.copied(northwind_id) == ["test.slow", "test.quick"]

    async def test_the_slow_ones_of_other_organizations_delay_and_lose_nothing(
        self, quiet: App, northwind_id: UUID, rival_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        projector = copying.projector()
        async with quiet.work(system_scope(rival_id)) as slow:
            await begin(slow)
            await happen(quiet, northwind_id, "test.one")
            await projector.catch_up(northwind_id)
            await happen(quiet, northwind_id, "test.two")
        await eventually(lambda: projector.catch_up(northwind_id))
        assert await copying.copied(northwind_id) == ["test.one", "test.two"]

    async def test_writers_side_by_side_are_all_read(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name, batch=7)
        projector = copying.projector()
        kinds = [f"test.n{number}" for number in range(60)]

        async def writer(mine: Iterable[str]) -> None:
            for kind in mine:
                async with quiet.work(system_scope(northwind_id)) as work:
                    await begin(work)
                    await asyncio.sleep(0)
                    work.record(Event(kind))

        async def everything_is_copied() -> bool:
            await projector.catch_up(northwind_id)
            return len(await copying.copied(northwind_id)) >= len(kinds)

        async with asyncio.TaskGroup() as group:
            for start in range(6):
                group.create_task(writer(kinds[start::6]))
            group.create_task(eventually(everything_is_copied))
        assert sorted(await copying.copied(northwind_id)) == sorted(kinds)


class TestExactlyOnce:
    async def test_a_crash_between_fold_and_commit_leaves_nothing_and_the_next_try_does_it(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name, after=[Crash()])
        await happen(quiet, northwind_id, "test.one", "test.two")
        projector = copying.projector()

        async def crashes() -> bool:
            try:
                await projector.catch_up(northwind_id)
            except Crash:
                return True
            return False

        await eventually(crashes)
        assert await copying.copied(northwind_id) == []
        await copying.projector().catch_up(northwind_id)
        assert await copying.copied(northwind_id) == ["test.one", "test.two"]

    async def test_a_connection_cut_before_the_commit_doubles_nothing(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        async def cut(work: Work, _events: Sequence[RecordedEvent]) -> None:
            copying.before = None
            pid = (await work.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with as_superuser(quiet.settings) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))

        copying = Copying(quiet, name, before=cut)
        await happen(quiet, northwind_id, "test.one", "test.two")
        async with running(copying.projector(), poll_s=0.05):
            await eventually(lambda: copying.copied(northwind_id))
        assert await copying.copied(northwind_id) == ["test.one", "test.two"]

    async def test_several_projectors_at_once_double_nothing(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name, batch=3)
        kinds = [f"test.n{number}" for number in range(50)]
        await happen(quiet, northwind_id, *kinds)

        async def done() -> bool:
            await asyncio.gather(*(copying.projector().catch_up(northwind_id) for _ in range(5)))
            return len(await copying.copied(northwind_id)) >= len(kinds)

        await eventually(done)
        assert await copying.copied(northwind_id) == kinds

    async def test_what_was_folded_stays_folded_after_a_restart(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        for kind in ("test.one", "test.two"):
            await happen(quiet, northwind_id, kind)
            await eventually(copying.projector().backlog)
            await eventually(lambda: copying.projector().catch_up(northwind_id))
        assert await copying.copied(northwind_id) == ["test.one", "test.two"]


class TestKinds:
    async def test_exact_kinds_and_whole_families(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name, kinds=("test.", "lead.won"))
        happened = ("test.one", "lead.won", "lead.won_back", "lead.lost", "tests.one", "test.a.b")
        await happen(quiet, northwind_id, *happened)
        await eventually(lambda: copying.projector().catch_up(northwind_id))
        wanted = [kind for kind in happened if Projection(name, copying.kinds, copying.fold).hurries(kind)]
        assert await copying.copied(northwind_id) == wanted == ["test.one", "lead.won", "test.a.b"]

    async def test_what_nobody_wants_is_passed_in_one_go(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name, kinds=("something.else",))
        await happen(quiet, northwind_id, *["test.one"] * 20)
        projector = copying.projector()

        async def nothing_is_left() -> bool:
            assert await projector.catch_up(northwind_id) == 0
            return northwind_id not in await projector.backlog()

        await eventually(nothing_is_left)
        assert await copying.copied(northwind_id) == []

    @given(st.text("ab.", min_size=1, max_size=6))
    def test_a_family_is_its_noun(self, kind: str) -> None:
        async def nothing(_work: Work, _events: Sequence[RecordedEvent]) -> None: ...

        wants = Projection("p", ("a.", "b.a"), nothing).hurries(kind)
        assert wants == (kind.startswith("a.") or kind == "b.a")


class TestMonths:
    async def test_the_coming_months_have_their_partitions_and_are_read(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        async with quiet.across() as session:
            await session.execute(text("SELECT ensure_event_partitions(6)"))
            assert (await session.execute(text("SELECT ensure_event_partitions(6)"))).scalar_one() == 0
        async with quiet.work(system_scope(northwind_id)) as work:
            for months in range(7):
                await work.session.execute(
                    text("""
                        INSERT INTO event (id, organization_id, kind, occurred_at, recorded_at)
                        VALUES (:id, :o, :kind, now(), now() + make_interval(months => :months))
                    """),
                    {"id": new_id(), "o": northwind_id, "kind": f"test.month{months}", "months": months},
                )
        copying = Copying(quiet, name)
        await eventually(lambda: copying.projector().catch_up(northwind_id))
        assert await copying.copied(northwind_id) == [f"test.month{months}" for months in range(7)]

    async def test_new_partitions_are_behind_the_same_walls(self, quiet: App) -> None:
        async with quiet.across() as session:
            await session.execute(text("SELECT ensure_event_partitions(8)"))
        with as_superuser(quiet.settings) as admin:
            rows = admin.execute("""
                SELECT relname, relrowsecurity AND relforcerowsecurity,
                       has_table_privilege('leadflow_app', oid, 'SELECT, INSERT, UPDATE, DELETE')
                FROM pg_class JOIN pg_inherits ON inhrelid = oid WHERE inhparent = 'event'::regclass
            """).fetchall()
        assert len(rows) >= 9
        assert {row[1:] for row in rows} == {(True, False)}
