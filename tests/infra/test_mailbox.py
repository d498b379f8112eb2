"""A slow viewer costs one row per lead, and never its neighbours' time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadflow.infra import mailbox
from leadflow.infra.mailbox import MAX_READY, MAX_WAITING_ROWS, Mailbox, Patch

SUB = "s1"


class Line:
    """A socket that takes a frame whenever a permit is given."""

    def __init__(self, permits: int = 0) -> None:
        self.frames: list[Patch] = []
        self.texts: list[str] = []
        self.permits = asyncio.Semaphore(permits)
        self.is_gone = False
        self.closed: tuple[int, str] | None = None

    async def send_text(self, text: str) -> None:
        await self.permits.acquire()
        if self.is_gone:
            raise ConnectionError("gone")
        self.texts.append(text)
        self.frames.append(orjson.loads(text))

    async def receive_text(self) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


@asynccontextmanager
async def delivering(line: Line) -> AsyncIterator[Mailbox]:
    box = Mailbox(line)
    task = asyncio.create_task(box.run())
    try:
        yield box
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ConnectionError, TimeoutError):
            await task


def row(name: str, version: int = 1) -> dict[str, Any]:
    return {"id": name, "version": version}


def patch(*rows: dict[str, Any], remove: tuple[str, ...] = (), **more: Any) -> Patch:
    return {"op": "patch", "sub": SUB, "rev": "1", "upsert": list(rows), "remove": list(remove), **more}


def offer(box: Mailbox, frame: Patch) -> None:
    box.offer(frame["sub"], frame, orjson.dumps(frame).decode())


async def settle() -> None:
    """Let everything run that can run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def taking(line: Line, frames: int) -> None:
    for _ in range(frames):
        line.permits.release()
        await settle()


class TestQuick:
    async def test_whoever_keeps_up_gets_every_frame_as_it_is(self) -> None:
        line = Line(permits=1000)
        async with delivering(line) as box:
            for version in range(5):
                frame = patch(row("ada", version))
                offer(box, frame)
                await settle()
                assert line.texts[-1] == orjson.dumps(frame).decode()
        assert len(line.frames) == box.sent == 5

    async def test_a_message_for_one_viewer_follows_what_was_before_it(self) -> None:
        line = Line()
        async with delivering(line) as box:
            for version in range(3):
                offer(box, patch(row("ada", version)))
                await settle()
            box.tell({"op": "pong"})
            offer(box, patch(row("ben")))
            await taking(line, 10)
        ops = [(frame["op"], [each["id"] for each in frame.get("upsert", ())]) for frame in line.frames]
        assert ops == [("patch", ["ada"]), ("patch", ["ada"]), ("pong", []), ("patch", ["ben"])]


class TestSlow:
    async def test_the_latest_row_of_each_lead_is_all_that_waits(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch(row("first")))
            await settle()
            for version in range(1000):
                offer(box, patch(row(f"lead {version % 3}", version)))
            await taking(line, 5)
        first, merged = line.frames
        assert [each["id"] for each in first["upsert"]] == ["first"]
        assert {each["id"]: each["version"] for each in merged["upsert"]} == {
            "lead 0": 999,
            "lead 1": 997,
            "lead 2": 998,
        }

    async def test_a_removal_takes_a_rows_place_and_a_row_a_removals(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            offer(box, patch(row("left"), row("stayed")))
            offer(box, patch(remove=("left", "came back")))
            offer(box, patch(row("came back", 2)))
            await taking(line, 5)
        merged = line.frames[1]
        assert {each["id"] for each in merged["upsert"]} == {"stayed", "came back"}
        assert merged["remove"] == ["left"]

    async def test_totals_of_groups_that_wait_are_told_together_the_latest_of_each(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            for groups in ({"new": {"count": 1}, "won": {"count": 1}}, {"new": {"count": 2}}, {"won": None}):
                offer(box, {"op": "groups", "sub": "s1", "groups": groups, "capped": False})
            await taking(line, 5)
        assert line.frames[1]["groups"] == {"new": {"count": 2}, "won": None}

    async def test_counts_are_not_lost_to_a_later_patch_without_any(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            offer(box, patch(counts={"new": {"count": 1}}))
            offer(box, patch(counts={"new": {"count": 2}}))
            offer(box, patch(row("ada"), rev="9"))
            await taking(line, 5)
        assert (line.frames[1]["counts"], line.frames[1]["rev"]) == ({"new": {"count": 2}}, "9")

    async def test_each_subscription_waits_for_itself(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            for sub in ("s1", "s2", "s1"):
                offer(box, {**patch(row(f"of {sub}")), "sub": sub})
            await taking(line, 5)
        assert sorted((frame["sub"], len(frame["upsert"])) for frame in line.frames[1:]) == [("s1", 1), ("s2", 1)]

    async def test_a_reset_is_not_lost_to_what_follows_it(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            offer(box, patch(row("ada")))
            offer(box, {"op": "reset", "sub": SUB})
            offer(box, patch(row("ben")))
            await taking(line, 5)
        assert "reset" in [frame["op"] for frame in line.frames]
        assert not any(each["id"] == "ada" for frame in line.frames for each in frame.get("upsert", ()))

    async def test_the_latest_figures_are_all_that_waits(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            for value in range(50):
                offer(box, {"op": "kpis", "sub": "s2", "values": {"hot_now": value}})
            await taking(line, 5)
        assert line.frames[1:] == [{"op": "kpis", "sub": "s2", "values": {"hot_now": 49}}]

    async def test_whoever_has_missed_too_much_starts_over_and_costs_no_more_memory(self) -> None:
        line = Line()
        async with delivering(line) as box:
            offer(box, patch())
            await settle()
            for number in range(MAX_WAITING_ROWS * 3):
                offer(box, patch(row(f"lead {number}")))
                assert sum(len(waiting) for waiting in box._waiting.values()) <= MAX_WAITING_ROWS
            await taking(line, 5)
        assert [frame["op"] for frame in line.frames] == ["patch", "reset"]

    async def test_whoever_asks_without_listening_is_not_asked_on(self) -> None:
        line = Line()
        async with delivering(line) as box:
            asked = 0
            for _ in range(MAX_READY * 3):
                try:
                    await asyncio.wait_for(box.has_room(), 0.05)
                except TimeoutError:
                    break
                box.tell({"op": "pong"})
                asked += 1
                await settle()
            assert asked <= MAX_READY + 1
            await taking(line, asked)
            await asyncio.wait_for(box.has_room(), 30)
        assert len(line.frames) == asked

    async def test_a_slow_viewer_takes_none_of_its_neighbours_time(self) -> None:
        slow, quick = Line(), Line(permits=1000)
        async with delivering(slow) as one, delivering(quick) as other:
            for version in range(20):
                for box in (one, other):
                    offer(box, patch(row("ada", version)))
                await settle()
            assert (len(slow.frames), len(quick.frames)) == (0, 20)


class TestEnds:
    @pytest.mark.parametrize("is_shared", [True, False])
    async def test_a_viewer_that_takes_nothing_for_long_is_let_go(
        self, monkeypatch: pytest.MonkeyPatch, is_shared: bool
    ) -> None:
        monkeypatch.setattr(mailbox, "SEND_TIMEOUT_S", 0.05)
        box = Mailbox(Line())
        for version in range(2):
            offer(box, patch(row("ada", version))) if is_shared else box.tell({"op": "pong"})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.run(), 30)

    async def test_a_viewer_that_has_gone_ends_the_delivery(self) -> None:
        line = Line(permits=10)
        line.is_gone = True
        box = Mailbox(line)
        offer(box, patch(row("ada")))
        await settle()
        offer(box, patch(row("ada", 2)))
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(box.run(), 30)

    async def test_goodbye_is_said_once(self) -> None:
        line = Line(permits=10)
        box = Mailbox(line)
        for _ in range(2):
            await box.close(4401, "session_ended")
        assert line.frames == [{"op": "bye", "reason": "session_ended"}]
        assert line.closed == (4401, "session_ended")

    async def test_goodbye_to_somebody_who_does_not_listen_does_not_wait(self, monkeypatch: pytest.MonkeyPatch) -> None:
        line = Line()
        monkeypatch.setattr(asyncio, "timeout", lambda _seconds: original(0.05))
        await Mailbox(line).close(1012, "restarting")
        assert line.closed is None


original = asyncio.timeout
NAMES = st.sampled_from(["ada", "ben", "cleo"])


class TestAnyPace:
    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.lists(NAMES, max_size=3, unique=True), st.sets(NAMES, max_size=1), st.booleans(), st.integers(0, 2)
            ),
            max_size=25,
        )
    )
    async def test_a_viewer_ends_up_with_the_same_rows_however_slow_it_is(
        self, steps: list[tuple[list[str], set[str], bool, int]]
    ) -> None:
        line = Line()
        truth: dict[str, int] = {}
        async with delivering(line) as box:
            for version, (changed, removed, is_message, pace) in enumerate(steps):
                upsert = [row(name, version) for name in changed if name not in removed]
                offer(box, patch(*upsert, remove=tuple(removed)))
                for name in removed:
                    truth.pop(name, None)
                truth |= {each["id"]: each["version"] for each in upsert}
                if is_message:
                    box.tell({"op": "pong"})
                await taking(line, pace)
            await taking(line, 2 * len(steps) + 2)
        shown: dict[str, int] = {}
        for frame in line.frames:
            for name in frame.get("remove", ()):
                shown.pop(name, None)
            shown |= {each["id"]: each["version"] for each in frame.get("upsert", ())}
        assert shown == truth
