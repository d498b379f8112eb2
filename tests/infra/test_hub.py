"""What open screens are told: everything of their own organization, soon and exactly, and nothing of others."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra import feed as feeds
from leadflow.infra.db import Database
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import MAX_MESSAGE, MAX_SUBSCRIPTIONS, Hub
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import SessionEnded
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead, RecordBehaviour, UpdateLead
from leadflow.views import queries
from leadflow.views.rules import filter_from
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.patience import eventually
from tests.infra.bells import Bell
from tests.infra.screens import Picture, Screen, opened

ROW_KEYS = {
    "id", "name", "company", "email", "stage", "score", "delta", "band", "reason", "source", "value", "currency",
    "owner", "country", "captured_at", "stage_at", "touched_at", "version",
}  # fmt: skip


@pytest.fixture(autouse=True)
def sweeps_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every two seconds in life, and more often where a test waits for one."""
    assert feeds.SWEEP_S == 2.0
    monkeypatch.setattr(feeds, "SWEEP_S", 0.3)


@pytest.fixture
async def ada(quiet: App) -> Member:
    return (await cast.northwind(quiet)).owner


@pytest.fixture
async def mallory(quiet: App) -> Member:
    return await cast.rival(quiet)


@pytest.fixture
async def doorbell(quiet: App) -> AsyncIterator[RedisDoorbell]:
    bell = RedisDoorbell(quiet.settings.redis_url)
    yield bell
    await bell.close()


@pytest.fixture
async def hub(quiet: App, doorbell: RedisDoorbell) -> AsyncIterator[Hub]:
    async with Hub(quiet, doorbell).running() as running:
        yield running


@pytest.fixture
async def silent(quiet: App) -> AsyncIterator[Database]:
    """Another process whose commits nobody hears of: its Redis has gone."""
    database = Database(quiet.settings.database_url, Bell())
    yield database
    await database.close()


async def capture(app: App | Database, scope: Scope, name: str = "Ada Lovelace", **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(name=name, **fields))).lead_id


async def update(app: App | Database, scope: Scope, lead_id: UUID, **fields: Any) -> None:
    async with app.work(scope) as work:
        await leads.update(work, lead_id, UpdateLead(**fields))


async def truth(app: App, scope: Scope, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
    """The rows that a board with this filter has to show."""
    async with app.work(scope) as work:
        rows, _ = await queries.board(work, filter_from(wanted or {}))
    return {row["id"]: row for row in rows}


def shows(picture: Picture, lead_id: UUID, **fields: Any) -> Callable[[], bool]:
    return lambda: (row := picture.rows.get(str(lead_id))) is not None and row | fields == row


def named(frames: list[dict[str, Any]]) -> set[str]:
    """Every lead that these frames say anything about."""
    found: set[str] = set()
    for frame in frames:
        found |= {row["id"] for row in [*frame.get("upsert", ()), *frame.get("rows", ())]}
        found |= set(frame.get("remove", ()))
    return found


class Gate:
    """Opens units of work, and holds those that ask for it between their last look and their end."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.holds = 0
        self.fails = 0
        self.held = asyncio.Event()
        self.open = asyncio.Event()

    @asynccontextmanager
    async def work(self, scope: Scope) -> AsyncIterator[Work]:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away for a moment")
        async with self.app.work(scope) as work:
            yield work
            if self.holds:
                self.holds -= 1
                self.held.set()
                await self.open.wait()


class TestWho:
    async def test_everybody_of_the_organization_gets_the_patch_and_mallory_gets_nothing(
        self, quiet: App, hub: Hub, ada: Member, mallory: Member
    ) -> None:
        hers = await capture(quiet, mallory, "Hers")
        async with opened(hub, ada) as one, opened(hub, ada) as other, opened(hub, mallory) as spy:
            pictures = [await one.sees(), await other.sees()]
            await spy.sees()
            await spy.sees("t", "table")
            await spy.sees("k", "kpis")
            lead = await capture(quiet, ada)
            for picture in pictures:
                await eventually(shows(picture, lead, name="Ada Lovelace"))
            await update(quiet, ada, lead, stage="qualified")
            for picture in pictures:
                await eventually(shows(picture, lead, stage="qualified"))
            frames = await spy.heard_all()
            assert named(frames) == {str(hers)}
            assert not any("Ada" in str(frame) or str(ada.organization_id) in str(frame) for frame in frames)

    async def test_mallory_cannot_ask_for_a_lead_of_northwind(
        self, quiet: App, hub: Hub, ada: Member, mallory: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as ours, opened(hub, mallory) as spy:
            for view in ("board", "table", "lead"):
                await spy.sees(f"l{view}", view, lead=str(lead))
                await spy.sees(f"s{view}", view, lead=str(lead), since="1")
            picture = await ours.sees()
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))
            frames = await spy.heard_all()
        assert not any(row["id"] == str(lead) for frame in frames for row in frame.get("upsert", ()))
        assert not any("Changed" in str(frame) for frame in frames)

    async def test_a_row_says_what_the_protocol_promises(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            picture = await screen.sees()
            await capture(quiet, ada)
            await eventually(lambda: picture.rows)
        (row,) = picture.rows.values()
        assert set(row) == ROW_KEYS
        snapshot, *_ = screen.told("snapshot")
        assert {person["role"] for person in snapshot["people"]} == {"owner", "rep", "manager", "viewer"}
        assert snapshot["stages"][0] == {"key": "new", "name": "New", "kind": "open"}

    async def test_rights_are_asked_for_each_view(self, quiet: App, hub: Hub, ada: Member) -> None:
        await capture(quiet, ada)
        actor = Actor(ActorKind.PERSON, new_id())
        blind = Scope(ada.organization_id, actor, frozenset())
        half_blind = Scope(ada.organization_id, actor, frozenset({Permission.LEADS_READ}))
        async with opened(hub, blind) as nobody, opened(hub, half_blind) as somebody:
            for name, view in (("b", "board"), ("t", "table"), ("l", "lead"), ("k", "kpis")):
                nobody.watch(name, view)
                somebody.watch(name, view)
            await nobody.heard_all()
            await somebody.heard_all()
        assert [frame["op"] for frame in nobody.frames] == ["error"] * 4 + ["pong"]
        assert [frame["id"] for frame in somebody.told("error")] == ["k"]
        assert len(somebody.told("snapshot")) == 3

    async def test_a_viewer_may_watch(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        lead = await capture(quiet, company.owner)
        async with opened(hub, company.viewer) as screen:
            await eventually(shows(await screen.sees(), lead))
            await screen.sees("k", "kpis")


class TestFilters:
    async def test_a_lead_that_enters_is_shown_and_one_that_leaves_is_removed(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Other")
        async with opened(hub, ada) as screen:
            won = await screen.sees("w", stage="won")
            new = await screen.sees("n", stage="new")
            assert set(new.rows) == {str(lead), str(other)}
            await update(quiet, ada, lead, stage="won")
            await eventually(shows(won, lead))
            await eventually(lambda: set(new.rows) == {str(other)})
            await update(quiet, ada, lead, stage="new")
            await eventually(lambda: not won.rows)
            await eventually(lambda: set(new.rows) == {str(lead), str(other)})

    async def test_one_lead_is_told_of_itself_alone(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Other")
        async with opened(hub, ada) as screen:
            board = await screen.sees()
            picture = await screen.sees("l", "lead", lead=str(lead))
            await update(quiet, ada, other, name="Changed")
            await eventually(shows(board, other, name="Changed"))
            await update(quiet, ada, lead, name="Changed too")
            await eventually(shows(picture, lead, name="Changed too"))
            frames = [frame for frame in screen.frames if frame.get("sub") == picture.sub]
        assert named(frames) == {str(lead)}

    async def test_whoever_looks_at_a_lead_hears_of_what_it_does(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees("l", "lead", lead=str(lead))
            before = len(screen.told("patch"))
            async with quiet.work(ada) as work:
                await leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", lead_id=lead)])
            await eventually(lambda: len(screen.told("patch")) > before)
            assert all(frame["sub"] == picture.sub for frame in screen.told("patch"))

    async def test_tables_load_their_rows_elsewhere_and_hear_of_changes_here(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees("t", "table")
            assert picture.rows == {}
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))

    async def test_those_who_look_at_the_same_share_one_computation(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as one, opened(hub, ada) as other:
            first, second = await one.sees(stage="new"), await other.sees(stage="new")
            assert first.sub == second.sub
            assert (await one.sees("w", stage="won")).sub != first.sub
            assert len(hub.feeds[ada.organization_id].channels) == 2

    async def test_what_nobody_watches_any_more_is_not_computed(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            for letter in "abcdef":
                await screen.sees("q", q=letter)
            assert len(hub.feeds[ada.organization_id].channels) == 1
            screen.unwatch("q")
            await screen.heard_all()
            assert hub.feeds[ada.organization_id].channels == {}
            await capture(quiet, ada)
            await screen.sees("b")
            assert named(screen.told("patch")) == set()
        assert hub.feeds == {}


class TestCatchingUp:
    async def test_whoever_comes_back_gets_exactly_what_was_missed(self, quiet: App, hub: Hub, ada: Member) -> None:
        ids = [await capture(quiet, ada, f"Lead {number}") for number in range(6)]
        async with opened(hub, ada) as keeper:
            await keeper.sees()
            async with opened(hub, ada) as screen:
                picture = await screen.sees()
                await eventually(lambda: _is_past(quiet, ada, hub))
                await update(quiet, ada, ids[0], name="Seen")
                await eventually(shows(picture, ids[0], name="Seen"))
                await eventually(lambda: _is_past(quiet, ada, hub))
                await update(quiet, ada, ids[1], name="Seen too")
                await eventually(shows(picture, ids[1], name="Seen too"))
                rows, since = dict(picture.rows), picture.rev
            await update(quiet, ada, ids[2], name="Missed")
            new = await capture(quiet, ada, "New")
            async with opened(hub, ada) as screen:
                back = await screen.sees(since=since, rows=rows)
                await eventually(shows(back, new))
                await eventually(shows(back, ids[2], name="Missed"))
                assert screen.told("snapshot") == []
                missed = named(screen.frames)
        assert {str(ids[2]), str(new)} <= missed
        assert not {str(ids[0]), *map(str, ids[3:])} & missed
        assert back.rows == await truth(quiet, ada)

    async def test_what_was_being_written_at_the_last_frame_is_not_missed(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        """Its transaction was older than the frame, and committed only after the viewer had gone."""
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Other")
        async with quiet.work(ada) as slow:
            await slow.session.execute(text("UPDATE lead SET name = 'Slow' WHERE id = :id"), {"id": lead})
            async with opened(hub, ada) as screen:
                picture = await screen.sees()
                await update(quiet, ada, other, name="Quick")
                await eventually(shows(picture, other, name="Quick"))
                since = picture.rev
        async with opened(hub, ada) as screen:
            back = await screen.sees(since=since)
            await eventually(shows(back, lead, name="Slow"))
            assert screen.told("snapshot") == []

    async def test_what_left_the_filter_meanwhile_is_removed(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees(stage="new")
            since = picture.rev
        await update(quiet, ada, lead, stage="won")
        async with opened(hub, ada) as screen:
            back = await screen.sees(stage="new", since=since, rows=picture.rows)
            await eventually(lambda: not back.rows)
            assert screen.told("snapshot") == []

    async def test_whoever_was_away_for_too_long_gets_a_new_picture(
        self, quiet: App, hub: Hub, ada: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(feeds, "SWEEP_LIMIT", 3)
        for number in range(5):
            await capture(quiet, ada, f"Lead {number}")
        async with opened(hub, ada) as screen:
            picture = await screen.sees(since="1")
            assert screen.told("subscribed") == []
            assert picture.rows == await truth(quiet, ada)

    async def test_a_revision_of_another_life_of_the_database_gets_a_new_picture(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees(since=str(2**62))
            assert set(picture.rows) == {str(lead)}

    async def test_a_lost_doorbell_costs_a_sweep_and_nothing_else(
        self, quiet: App, hub: Hub, ada: Member, silent: Database
    ) -> None:
        async with opened(hub, ada) as screen:
            picture = await screen.sees()
            lead = await capture(silent, ada)
            await eventually(shows(picture, lead))
            await update(silent, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))
            await eventually(lambda: picture.counts.get("new", {}).get("count") == 1)

    async def test_after_a_reconnect_to_redis_everything_is_looked_at_at_once(
        self, quiet: App, hub: Hub, ada: Member, silent: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(feeds, "SWEEP_S", 3600.0)
        async with opened(hub, ada) as screen:
            picture = await screen.sees()
            lead = await capture(silent, ada)
            for feed in hub.feeds.values():
                feed.ring(None)
            await eventually(shows(picture, lead))

    async def test_a_frame_that_could_not_be_read_is_read_again(
        self, quiet: App, doorbell: RedisDoorbell, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        gate = Gate(quiet)
        async with Hub(gate, doorbell).running() as hub, opened(hub, ada) as screen:
            picture = await screen.sees()
            gate.fails = 2
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))

    async def test_after_a_flood_boards_and_tables_start_over(
        self, quiet: App, hub: Hub, ada: Member, silent: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(feeds, "SWEEP_LIMIT", 3)
        async with opened(hub, ada) as screen:
            board, table = await screen.sees(), await screen.sees("t", "table")
            for number in range(10):
                await capture(silent, ada, f"Lead {number}")
            await eventually(lambda: len(board.rows) == 10)
            await eventually(lambda: {frame["sub"] for frame in screen.told("reset")} == {board.sub, table.sub})
            assert board.rows == await truth(quiet, ada)


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
                        await eventually(lambda picture=picture: _agrees(quiet, ada, picture, request))

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
                await eventually(lambda picture=picture: _agrees(quiet, ada, picture, {"stage": "new"}))
            assert len(slow.frames) < len(quick.frames)


class TestFigures:
    async def test_counts_and_kpis_move_while_one_looks(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            board, figures = await screen.sees(), await screen.sees("k", "kpis")
            assert figures.kpis["new_today"]["value"] == 0
            lead = await capture(quiet, ada, value=100_00)
            await eventually(lambda: board.counts.get("new") == {"count": 1, "value": 100_00, "mean": 0})
            await eventually(lambda: figures.kpis["new_today"]["value"] == 1)
            await update(quiet, ada, lead, stage="won")
            await eventually(lambda: "new" not in board.counts)
            await eventually(lambda: figures.kpis["conversion_this_month"]["value"] == 100)

    async def test_figures_that_stand_still_are_not_sent_again(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            board = await screen.sees()
            await screen.sees("k", "kpis")
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(board, lead, name="Changed"))
            await asyncio.sleep(1.2)
            await screen.heard_all()
        assert sum("counts" in frame for frame in screen.told("patch")) <= 1
        assert len(screen.told("kpis")) <= 2


class TestManners:
    @pytest.mark.parametrize(
        "message",
        [
            "", "nonsense", "[]", "5", "null", '"subscribe"', "{}", '{"op":"fly"}', '{"op":"subscribe"}',
            '{"op":"subscribe","id":"b"}', '{"op":"unsubscribe"}', '{"op":"subscribe","id":"b","view":"secrets"}',
            '{"op":"subscribe","id":"b","view":"board","filter":{"owner":"somebody"}}',
            '{"op":"subscribe","id":"b","view":"board","filter":{"organization_id":"1"}}',
            '{"op":"subscribe","id":"b","view":"board","filter":"new"}',
            '{"op":"subscribe","id":"b","view":"board","filter":{"captured":"1d"}}',
            '{"op":"subscribe","id":"b","view":"board","since":"yesterday"}',
            '{"op":"subscribe","id":"b","view":"board","since":"-5"}',
            '{"op":"subscribe","id":"b","view":"board","since":0}',
            '{"op":"subscribe","id":"b","view":"board","since":"99999999999999999999999"}',
            '{"op":"subscribe","id":"b","view":"board","since":{"a":1}}',
            '{"op":"ping","pad":"' + "x" * MAX_MESSAGE + '"}',
        ],
    )  # fmt: skip
    async def test_what_is_not_understood_is_answered_and_the_socket_lives(
        self, quiet: App, hub: Hub, ada: Member, message: str
    ) -> None:
        async with opened(hub, ada) as screen:
            screen.say(message)
            await screen.heard_all()
            assert [frame["op"] for frame in screen.frames] == ["error", "pong"]
            await capture(quiet, ada)
            await eventually((await screen.sees()).rows.__len__)
            assert len(screen.told("snapshot")) == 1
            assert named(screen.told("patch")) == set()

    @pytest.mark.parametrize("wanted", [{"q": "\0"}, {"q": "%' --"}, {"source": "\0"}, {"stage": "nowhere"}])
    async def test_a_filter_that_matches_nothing_is_an_empty_board(
        self, quiet: App, hub: Hub, ada: Member, wanted: dict[str, str]
    ) -> None:
        await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            assert (await screen.sees(**wanted)).rows == {}

    async def test_there_is_a_limit_to_what_one_socket_watches(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            for number in range(MAX_SUBSCRIPTIONS + 2):
                screen.watch(f"b{number}", q=str(number))
            await screen.heard_all()
            assert len(screen.told("snapshot")) == MAX_SUBSCRIPTIONS
            assert [frame["message"] for frame in screen.told("error")] == ["Too many subscriptions."] * 2
            screen.unwatch("b0")
            await screen.sees("another")

    async def test_unsubscribing_ends_the_frames(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen, opened(hub, ada) as other:
            picture, kept = await screen.sees(), await other.sees()
            screen.unwatch()
            await screen.heard_all()
            lead = await capture(quiet, ada)
            await eventually(shows(kept, lead))
            assert named(await screen.heard_all()) == set()
            assert picture.rows == {}

    async def test_a_session_that_ends_closes_its_sockets_and_no_others(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        session, other_session = new_id(), new_id()
        async with (
            opened(hub, ada, session_id=session) as one,
            opened(hub, ada, session_id=session) as two,
            opened(hub, ada, session_id=other_session) as stays,
        ):
            for screen in (one, two, stays):
                await screen.sees()
            await quiet.doorbell.ring(SessionEnded(session))
            await eventually(lambda: one.closed and two.closed)
            assert one.closed == two.closed == (4401, "session_ended")
            assert one.frames[-1] == {"op": "bye", "reason": "session_ended"}
            await stays.heard_all()
            assert stays.closed is None
            assert len(hub.viewers) == 1

    async def test_a_process_that_ends_says_goodbye(self, quiet: App, doorbell: RedisDoorbell, ada: Member) -> None:
        screen = Screen()
        async with Hub(quiet, doorbell).running() as hub:
            serving = asyncio.create_task(hub.serve(screen, ada, None))
            await screen.sees()
        await asyncio.wait_for(serving, 30)
        assert screen.closed == (1012, "restarting")
        assert screen.frames[-1]["op"] == "bye"

    async def test_whoever_cannot_be_let_in_leaves_nothing_behind(
        self, quiet: App, doorbell: RedisDoorbell, ada: Member
    ) -> None:
        gate = Gate(quiet)
        gate.fails = 1
        async with Hub(gate, doorbell).running() as hub:
            with pytest.raises(ConnectionError):
                await hub.serve(Screen(), ada, None)
            assert not hub.viewers
            assert not hub.feeds
            async with opened(hub, ada) as screen:
                await screen.sees()


async def _agrees(app: App, scope: Scope, picture: Picture, wanted: dict[str, Any]) -> bool:
    return picture.rows == await truth(app, scope, wanted)


async def _is_past(app: App, scope: Scope, hub: Hub) -> bool:
    """Whether the revision that frames carry has moved past everything that was written so far."""
    async with app.work(scope) as work:
        changed = await queries.changes_since(work, hub.feeds[scope.organization_id].revision, 10)
    return changed is not None and not changed.leads
