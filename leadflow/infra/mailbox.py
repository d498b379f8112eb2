"""A viewer's merging mailbox: frames pass straight through while the viewer keeps up, and merge while it does not."""

import asyncio
from typing import Any, Protocol

import orjson
import structlog

log = structlog.get_logger(__name__)

SEND_TIMEOUT_S = 20.0
MAX_WAITING_ROWS = 5000

Patch = dict[str, Any]


class LiveSocket(Protocol):
    """The little that the hub needs of a WebSocket."""

    async def send_text(self, text: str) -> None: ...

    async def receive_text(self) -> str:
        """The next message. Raises ConnectionError when the other side has gone."""
        ...

    async def close(self, code: int, reason: str) -> None: ...


class Waiting:
    """What one subscription has missed, merged: the latest row per lead wins, and a removal replaces a row."""

    def __init__(self) -> None:
        self.upsert: dict[str, Any] = {}
        self.remove: set[str] = set()
        self.latest: Patch = {}

    def merge(self, patch: Patch) -> None:
        for row in patch.get("upsert", ()):
            self.upsert[row["id"]] = row
            self.remove.discard(row["id"])
        for lead_id in patch.get("remove", ()):
            self.upsert.pop(lead_id, None)
            self.remove.add(lead_id)
        if patch["op"] != "patch":
            self.upsert.clear()
            self.remove.clear()
        self.latest = {**self.latest, **patch}

    def patch(self) -> Patch:
        merged = dict(self.latest)
        if merged["op"] == "patch":
            merged["upsert"], merged["remove"] = list(self.upsert.values()), list(self.remove)
        return merged

    def __len__(self) -> int:
        return len(self.upsert) + len(self.remove)


class Mailbox:
    """Sends to one socket, never more than one frame at a time; what comes meanwhile costs one row per lead."""

    def __init__(self, socket: LiveSocket) -> None:
        self.socket = socket
        self.sent = 0
        self._ready: list[str] = []
        self._waiting: dict[str, Waiting] = {}
        self._bell = asyncio.Event()
        self.is_closed = False

    def offer(self, sub: str, patch: Patch, encoded: str) -> None:
        """Hand over a frame that is shared with other viewers: `patch`, encoded once as `encoded`."""
        if self._bell.is_set():
            self._merge(sub, patch)
        else:
            self._ready.append(encoded)
            self._bell.set()

    def tell(self, message: dict[str, Any]) -> None:
        """Queue a message for this viewer alone, after whatever it still has to hear."""
        self._ready.extend(self._drain_waiting())
        self._ready.append(orjson.dumps(message).decode())
        self._bell.set()

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
            frames, self._ready = self._ready, []
            frames = frames or self._drain_waiting()
            for frame in frames:
                await asyncio.wait_for(self.socket.send_text(frame), SEND_TIMEOUT_S)
                self.sent += 1
            if not self._ready and not self._waiting:
                self._bell.clear()

    async def close(self, code: int, reason: str) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        try:
            async with asyncio.timeout(2):
                await self.socket.send_text(orjson.dumps({"op": "bye", "reason": reason}).decode())
                await self.socket.close(code, reason)
        except (TimeoutError, ConnectionError, RuntimeError):
            log.debug("live.close_failed", reason=reason)
