"""Whoever was away, or not told, ends up with what everybody knows."""

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra import feed as feeds
from leadflow.infra.db import Database
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import Hub
from leadflow.leads import CaptureLead
from tests.fixtures.cast import Member
from tests.fixtures.patience import eventually
from tests.infra.live.writing import Gate, capture, is_past, named, shows, truth, update
from tests.infra.screens import opened


class TestCatchingUp:
    async def test_whoever_comes_back_gets_exactly_what_was_missed(self, quiet: App, hub: Hub, ada: Member) -> None:
        ids = [await capture(quiet, ada, f"Lead {number}") for number in range(6)]
        async with opened(hub, ada) as keeper:
            await keeper.sees()
            async with opened(hub, ada) as screen:
                picture = await screen.sees()
                await eventually(lambda: is_past(quiet, ada, hub))
                await update(quiet, ada, ids[0], name="Seen")
                await eventually(shows(picture, ids[0], name="Seen"))
                await eventually(lambda: is_past(quiet, ada, hub))
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

    async def test_whoever_is_cut_off_before_what_was_missed_came_has_missed_nothing(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as keeper, opened(hub, ada) as screen:
            await keeper.sees()
            picture = await screen.sees()
            rows, since = picture.rows, picture.rev
            await update(quiet, ada, lead, name="Missed")
            await eventually(lambda: is_past(quiet, ada, hub))
        line = iter((True, False))

        async def one_frame_and_no_more() -> None:
            if not next(line):
                raise ConnectionError("cut off")

        async with opened(hub, ada) as keeper, opened(hub, ada, pace=one_frame_and_no_more) as screen:
            await keeper.sees()
            picture = await screen.sees(since=since, rows=rows)
            since = picture.rev
        async with opened(hub, ada) as screen:
            await eventually(shows(await screen.sees(since=since, rows=rows), lead, name="Missed"))

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
            async with silent.work(ada) as work:
                await leads.capture_valid(work, [CaptureLead(name=f"Lead {number}") for number in range(10)])
            await eventually(lambda: len(board.rows) == 10)
            await eventually(lambda: {frame["sub"] for frame in screen.told("reset")} == {board.sub, table.sub})
            assert board.rows == await truth(quiet, ada)
