"""Browsers without a browser: a socket in memory, and what the page's live store makes of its frames."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from leadflow.infra.hub import Hub
from leadflow.kernel.scope import Scope
from tests.fixtures.patience import eventually

Frame = dict[str, Any]


@dataclass
class Picture:
    """What one subscription shows."""

    request: Frame
    sub: str | None = None
    rev: str | None = None
    rows: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    kpis: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    snapshots: int = 0

    def replace(self, frame: Frame) -> None:
        """A fresh snapshot replaces everything, but never a row by an older one."""
        kept = {row["id"]: self._newer(row) for row in frame["rows"]}
        self.rows, self.counts, self.snapshots = kept, frame["counts"], self.snapshots + 1

    def patch(self, frame: Frame) -> None:
        for lead_id in frame["remove"]:
            self.rows.pop(lead_id, None)
        for row in frame["upsert"]:
            self.rows[row["id"]] = self._newer(row)
        self.counts = frame.get("counts", self.counts)
        self.rev = frame["rev"]

    def total(self, frame: Frame) -> None:
        """All groups, or those that have changed; null for one that has no lead any more."""
        known = {} if frame.get("all") else self.groups
        self.groups = {key: total for key, total in {**known, **frame["groups"]}.items() if total is not None}

    def _newer(self, row: Any) -> Any:
        known = self.rows.get(row["id"])
        return known if known and known["version"] > row["version"] else row


class Screen:
    """One socket and its pictures; speaks the protocol of ARCHITECTURE.md as the page does."""

    def __init__(self, pace: Callable[[], Awaitable[None]] | None = None) -> None:
        self.frames: list[Frame] = []
        self.pictures: dict[str, Picture] = {}
        self.closed: tuple[int, str] | None = None
        self.pace = pace
        self._inbox: asyncio.Queue[str | None] = asyncio.Queue()

    # --- the hub's side ---------------------------------------------------------------------------------------

    async def send_text(self, text: str) -> None:
        if self.pace:
            await self.pace()
        if self.closed:
            raise ConnectionError("gone")
        frame = orjson.loads(text)
        self.frames.append(frame)
        self._apply(frame)

    async def receive_text(self) -> str:
        message = await self._inbox.get()
        if message is None:
            raise ConnectionError("gone")
        return message

    async def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)
        self._inbox.put_nowait(None)

    # --- the viewer's side ------------------------------------------------------------------------------------

    def say(self, message: object) -> None:
        self._inbox.put_nowait(message if isinstance(message, str) else orjson.dumps(message).decode())

    def leave(self) -> None:
        self.closed = self.closed or (1001, "left")
        self._inbox.put_nowait(None)

    def watch(
        self,
        name: str = "b",
        view: str = "board",
        *,
        since: str | None = None,
        reach: str | None = None,
        rows: Any = (),
        asks: Frame | None = None,
        **wanted: Any,
    ) -> Picture:
        """Subscribe; whoever comes back knows a revision, and the `rows` and the reach of that time."""
        request = {"op": "subscribe", "id": name, "view": view, "filter": wanted, **(asks or {})}
        self.pictures[name] = picture = Picture(request, rev=since, rows=dict(rows))
        self.say({**request, "since": since, "reach": reach})
        return picture

    def unwatch(self, name: str = "b") -> None:
        del self.pictures[name]
        self.say({"op": "unsubscribe", "id": name})

    async def sees(self, name: str = "b", view: str = "board", **options: Any) -> Picture:
        """Watch, and wait for the answer."""
        picture = self.watch(name, view, **options)
        await eventually(lambda: picture.sub is not None)
        return picture

    async def heard_all(self) -> list[Frame]:
        """Everything that was on its way: whatever the hub has for us comes before the answer to a ping."""
        before = sum(frame["op"] == "pong" for frame in self.frames)
        self.say({"op": "ping"})
        await eventually(lambda: sum(frame["op"] == "pong" for frame in self.frames) > before)
        return self.frames

    def told(self, op: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["op"] == op]

    def _apply(self, frame: Frame) -> None:
        match frame["op"]:
            case "snapshot" | "subscribed":
                if picture := self.pictures.get(frame.get("id", "")):
                    picture.sub, picture.rev = frame["sub"], frame["rev"]
                    if frame["op"] == "snapshot":
                        picture.replace(frame)
            case "here":
                self.say({"op": "here"})
            case "patch" | "kpis" | "reset":
                for picture in [each for each in self.pictures.values() if each.sub == frame["sub"]]:
                    self._change(picture, frame)
        if frame["op"] == "kpis" and (picture := self.pictures.get(frame.get("id", ""))):
            picture.sub, picture.kpis = frame["sub"], frame["values"]
        if frame["op"] == "groups":
            if picture := self.pictures.get(frame.get("id", "")):
                picture.sub = frame["sub"]
            for each in self.pictures.values():
                if each.sub == frame["sub"] and frame.get("id", each.request["id"]) == each.request["id"]:
                    each.total(frame)

    def _change(self, picture: Picture, frame: Frame) -> None:
        match frame["op"]:
            case "patch":
                picture.patch(frame)
            case "kpis":
                picture.kpis = frame["values"]
            case "reset":
                picture.rev = None
                self.say({**picture.request, "since": None})


@asynccontextmanager
async def opened(
    hub: Hub, scope: Scope, *, session_id: UUID | None = None, pace: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[Screen]:
    """A socket that the door has let in, until the block ends."""
    screen = Screen(pace)
    serving = asyncio.create_task(hub.serve(screen, scope, session_id))
    try:
        yield screen
    finally:
        screen.leave()
        await asyncio.wait_for(serving, 30)
