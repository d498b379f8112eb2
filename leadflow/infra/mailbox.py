"""A viewer's merging mailbox: frames pass straight through while the viewer keeps up, and merge while it does not."""

import asyncio
from collections.abc import Awaitable, Generator
from inspect import iscoroutine
from typing import Any, Protocol

import orjson
import structlog

log = structlog.get_logger(__name__)

SEND_TIMEOUT_S = 20.0
MAX_WAITING_ROWS = 5000
MAX_READY = 100
"""Messages for one viewer alone that may wait; above this, nothing more is read from it."""

Patch = dict[str, Any]


class LiveSocket(Protocol):
    """The little that the hub needs of a WebSocket."""

    def send_text(self, text: str) -> Awaitable[None]:
        """Done when the frame has left. Raises ConnectionError when the other side has gone."""
        ...

    async def receive_text(self) -> str:
        """The next message. Raises ConnectionError when the other side has gone."""
        ...

    async def close(self, code: int, reason: str) -> None: ...


class Sending(Protocol):
    """The part of a future that is looked at: asyncio's, or the server's own."""

    def __await__(self) -> Generator[Any, None, None]: ...
    def done(self) -> bool: ...
    def exception(self) -> BaseException | None: ...


class Waiting:
    """What one subscription has missed, merged: the latest row per lead wins, and a removal replaces a row.

    Whoever has to start over is told that and nothing else: it will ask for everything.
    """

    def __init__(self) -> None:
        self.upsert: dict[str, Any] = {}
        self.remove: set[str] = set()
        self.latest: Patch = {}

    def merge(self, patch: Patch) -> None:
        if self.latest.get("op") == "reset":
            return
        if patch["op"] == "groups":
            self.latest = {**self.latest, **patch, "groups": {**self.latest.get("groups", {}), **patch["groups"]}}
            return
        if patch["op"] != "patch":
            self.upsert.clear()
            self.remove.clear()
            self.latest = patch
            return
        for row in patch["upsert"]:
            self.upsert[row["id"]] = row
            self.remove.discard(row["id"])
        for lead_id in patch["remove"]:
            self.upsert.pop(lead_id, None)
            self.remove.add(lead_id)
        self.latest = {**self.latest, **patch}

    def patch(self) -> Patch:
        merged = dict(self.latest)
        if merged["op"] == "patch":
            merged["upsert"], merged["remove"] = list(self.upsert.values()), list(self.remove)
        return merged

    def __len__(self) -> int:
        return len(self.upsert) + len(self.remove)


class Mailbox:
    """Sends to one socket, never more than one frame at a time; what comes meanwhile costs one row per lead.

    A shared frame goes to the socket at once when nothing is under way, without waking a task: with a thousand
    viewers that is most of what a delivery costs. `run` delivers everything that had to wait.
    """

    def __init__(self, socket: LiveSocket) -> None:
        self.socket = socket
        self.sent = 0
        self._hand_over = socket.send_text
        self._under_way: Sending | None = None
        self._is_behind = False
        self._ready: list[str] = []
        self._waiting: dict[str, Waiting] = {}
        self._bell = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.is_closed = False

    def offer(self, sub: str, patch: Patch, encoded: str) -> None:
        """Hand over a frame that is shared with other viewers: `patch`, encoded once as `encoded`."""
        sending = self._under_way
        if self._is_behind or not (sending is None or (sending.done() and sending.exception() is None)):
            self._merge(sub, patch)
            self._call()
        else:
            self._under_way = self._send(encoded)

    def _send(self, encoded: str) -> Sending:
        """A server that answers with a future is spared a task."""
        self.sent += 1
        sending: Any = self._hand_over(encoded)
        if not iscoroutine(sending):
            return sending  # type: ignore[no-any-return]  # a future, of asyncio or of the server
        task = asyncio.create_task(sending)
        task.add_done_callback(_heed)
        return task

    def _call(self) -> None:
        self._is_behind = True
        self._bell.set()

    def tell(self, message: dict[str, Any]) -> None:
        """Queue a message for this viewer alone, after whatever it still has to hear."""
        self._ready.extend(self._drain_waiting())
        self._ready.append(orjson.dumps(message).decode())
        self._call()
        if len(self._ready) >= MAX_READY:
            self._room.clear()

    async def has_room(self) -> None:
        """Returns when few messages wait: who asks without listening to the answers has to wait for its turn."""
        await self._room.wait()

    def _merge(self, sub: str, patch: Patch) -> None:
        waiting = self._waiting.setdefault(sub, Waiting())
        waiting.merge(patch)
        if len(waiting) > MAX_WAITING_ROWS:
            waiting.merge({"op": "reset", "sub": sub})

    def _drain_waiting(self) -> list[str]:
        merged = [orjson.dumps(waiting.patch()).decode() for waiting in self._waiting.values()]
        self._waiting.clear()
        return merged

    async def run(self) -> None:
        """Deliver until the socket is gone or does not take a frame within `SEND_TIMEOUT_S`."""
        while not self.is_closed:
            await self._bell.wait()
            if self._under_way is not None:
                await _taken(self._under_way)
                self._under_way = None
            frames, self._ready = self._ready, []
            self._room.set()
            frames = frames or self._drain_waiting()
            for frame in frames:
                await _taken(self._send(frame))
            if not self._ready and not self._waiting:
                self._is_behind = False
                self._bell.clear()

    async def close(self, code: int, reason: str) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        try:
            async with asyncio.timeout(2):
                await self.socket.send_text(orjson.dumps({"op": "bye", "reason": reason}).decode())
                await self.socket.close(code, reason)
        except (TimeoutError, OSError, RuntimeError):
            log.debug("live.close_failed", reason=reason)
        finally:
            self._bell.set()  # nobody writes any more, so the server lets go of the socket


async def _taken(sending: Sending) -> None:
    try:
        await asyncio.wait_for(sending, SEND_TIMEOUT_S)
    except (OSError, RuntimeError) as gone:
        if isinstance(gone, TimeoutError):
            raise
        raise ConnectionError("the viewer has gone") from gone


def _heed(sending: "asyncio.Task[None]") -> None:
    """Whoever looks next finds the failure; nobody has to be told that nobody did."""
    if not sending.cancelled():
        sending.exception()
