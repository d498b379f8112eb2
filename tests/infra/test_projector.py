"""Reading the log: in order, nothing passed over, nothing twice; alone, side by side, and after a crash."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import Ring
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser
from tests.fixtures.patience import eventually

NEVER = 3600.0


class Crash(Exception):
    """A fold that dies in the middle."""


@dataclass
class Copying:
    """A projection whose effect is in the log itself: one "copied.<name>" event for each event that it folds."""

    app: App
    name: str
    kinds: tuple[str, ...] = ("test.",)
    batch: int = 500
    before: Callable[[Work, Sequence[RecordedEvent]], object] | None = None
    after: list[object] = field(default_factory=list)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        if self.before:
            outcome = self.before(work, events)
            if asyncio.iscoroutine(outcome):
                await outcome
        work.record_all(
            Event(f"copied.{self.name}", data={"kind": event.kind, "id": str(event.id)}) for event in events
        )
        if self.after:
            raise self.after.pop()  # type: ignore[misc]

    def projector(self) -> Projector:
        projection = Projection(self.name, self.kinds, self.fold, batch=self.batch)
        return Projector(self.app.database, projection, frozenset(SYSTEM_PERMISSIONS))

    async def copied(self, organization_id: UUID) -> list[str]:
        """The kinds that have been folded, in the order in which that was committed."""
        async with self.app.work(system_scope(organization_id)) as work:
            rows = await work.session.execute(
                text("SELECT data ->> 'kind' FROM event WHERE kind = :kind ORDER BY xid, seq"),
                {"kind": f"copied.{self.name}"},
            )
            return list(rows.scalars())


async def happen(app: App, organization_id: UUID, *kinds: str) -> None:
    async with app.work(system_scope(organization_id)) as work:
        work.record_all(Event(kind) for kind in kinds)


async def begin(work: Work) -> None:
    """Become a writing transaction: from here on, this one is older than those that begin later."""
    await work.session.execute(text("SELECT pg_current_xact_id()"))


async def write_event(work: Work, kind: str) -> None:
    """Take the next place in the sequence now, long before the commit."""
    await work.session.execute(
        text("INSERT INTO event (id, organization_id, kind, occurred_at) VALUES (:id, :o, :kind, now())"),
        {"id": new_id(), "o": work.organization_id, "kind": kind},
    )


@asynccontextmanager
async def running(projector: Projector, poll_s: float) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.run(poll_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def northwind_id(quiet: App) -> UUID:
    return await _organization(quiet)


async def _organization(app: App) -> UUID:
    organization_id = new_id()
    async with app.work(system_scope(organization_id)) as work:
        await work.session.execute(text("INSERT INTO organization (id) VALUES (:id)"), {"id": organization_id})
    return organization_id


@pytest.fixture
async def rival_id(quiet: App) -> UUID:
    return await _organization(quiet)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A projection of its own for each test, so that none starts where another stopped."""
    return f"{request.node.name[:40]}-{new_id().hex[-6:]}"


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
        wanted = [kind for kind in happened if Projection(name, copying.kinds, copying.fold).wants(kind)]
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

        wants = Projection("p", ("a.", "b.a"), nothing).wants(kind)
        assert wants == (kind.startswith("a.") or kind == "b.a")


class TestRunning:
    async def test_a_backlog_is_found_without_any_bell(self, quiet: App, northwind_id: UUID, name: str) -> None:
        copying = Copying(quiet, name)
        await happen(quiet, northwind_id, "test.one")
        async with running(copying.projector(), poll_s=0.05):
            await eventually(lambda: copying.copied(northwind_id))
            await happen(quiet, northwind_id, "test.two")
            await eventually(lambda: _has(copying, northwind_id, 2))

    async def test_a_bell_is_answered_without_waiting_for_the_sweep(
        self, quiet: App, northwind_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        projector = _without_sweep(copying)
        async with running(projector, poll_s=NEVER):
            ring = await _happen_and_ring(quiet, northwind_id, "test.one")
            projector.ring(ring)
            await eventually(lambda: copying.copied(northwind_id))

    async def test_a_commit_that_rang_too_early_is_read_once_the_older_ones_have_ended(
        self, quiet: App, northwind_id: UUID, rival_id: UUID, name: str
    ) -> None:
        copying = Copying(quiet, name)
        projector = _without_sweep(copying)
        async with running(projector, poll_s=NEVER):
            async with quiet.work(system_scope(rival_id)) as older:
                await begin(older)
                projector.ring(await _happen_and_ring(quiet, northwind_id, "test.one"))
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
                projector.ring(await _happen_and_ring(quiet, rival_id, "test.second"))
                served.set()

        held: list[Work] = []

        @asynccontextmanager
        async def hold() -> AsyncIterator[None]:
            async with quiet.work(system_scope(new_id())) as work:
                held.append(work)
                yield

        older, served = hold(), asyncio.Event()
        copying = Copying(quiet, name, before=meanwhile)
        projector = _without_sweep(copying)
        rings = [await _happen_and_ring(quiet, each, "test.first") for each in (northwind_id, rival_id)]
        await eventually(lambda: _readable(projector, rings))
        for ring in rings:
            projector.ring(ring)
        async with running(projector, poll_s=NEVER):
            await served.wait()
            await eventually(lambda: copying.copied(rival_id))
            await older.__aexit__(None, None, None)
            await eventually(lambda: _has(copying, rival_id, 2))
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
            await eventually(lambda: _has(copying, rival_id, 2))
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


async def _has(copying: Copying, organization_id: UUID, number: int) -> bool:
    return len(await copying.copied(organization_id)) >= number


async def _happen_and_ring(app: App, organization_id: UUID, kind: str) -> Ring:
    async with app.work(system_scope(organization_id)) as work:
        work.record(Event(kind))
        await begin(work)
        xid = (await work.session.execute(text("SELECT pg_current_xact_id()::text::bigint"))).scalar_one()
    return Ring(organization_id, xid, (), has_events=True)


async def _readable(projector: Projector, rings: Sequence[Ring]) -> bool:
    return await projector._horizon() > max(ring.xid for ring in rings)


def _without_sweep(copying: Copying) -> Projector:
    """It learns from the bell alone."""
    projector = copying.projector()
    projector.backlog = _nothing  # type: ignore[method-assign]
    return projector


async def _nothing() -> list[UUID]:
    return []
