"""What may be said on a socket, and how a conversation ends."""

import asyncio

import pytest

from leadflow.bootstrap import App
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import MAX_MESSAGE, MAX_SUBSCRIPTIONS, Hub
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import SessionEnded
from tests.fixtures.cast import Member
from tests.fixtures.patience import eventually
from tests.infra.live.writing import Gate, capture, named, shows
from tests.infra.screens import Screen, opened


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
            picture = await screen.sees()
            await eventually(picture.rows.__len__)
            assert len(screen.told("snapshot")) == 1
            assert {frame["sub"] for frame in screen.told("patch")} <= {picture.sub}

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
