"""Many WebSocket viewers in one process, as light as Python allows: the measured side is the server.

`python -m bench._viewers` opens the connections of its first input line and then answers each line of input with one
line of output. Frames are read from the socket by hand: a client library costs more than the server under test.
"""

import asyncio
import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from leadflow.cli.installation import ROOT

BOARD = '{"op":"subscribe","id":"b1","view":"board","filter":{},"since":null}'
OPENED_AT_ONCE = 50


@dataclass
class Frame:
    """One frame at one viewer: when it was there, and the versions of the leads that it shows."""

    viewer: int
    at_ns: int
    versions: dict[str, int]


class Viewer(asyncio.Protocol):
    def __init__(self, place: int, wanted: Mapping[str, Any]) -> None:
        self.place = place
        self.wanted = wanted
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.frames = 0
        self.bytes = 0
        self.kept: list[tuple[int, bytes]] = []
        self._buffer = b""
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        headers = {
            "Host": f"localhost:{self.wanted['port']}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            "Origin": f"http://localhost:{self.wanted['port']}",
            "Cookie": self.wanted["cookie"],
        }
        path = self.wanted["path"].format(place=self.place)
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        at_ns = time.time_ns()
        self._buffer += data
        if not self._is_open and not self._shake_hands():
            return
        start = 0
        while (cut := _frame(self._buffer, start)) is not None:
            opcode, first, end = cut
            start = end
            if opcode == 1:
                self._hear(at_ns, first, end)
            elif opcode == 9:
                self._send(0xA, self._buffer[first:end])
        if start:
            self._buffer = self._buffer[start:]

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"viewer {self.place} was turned away"))

    def _shake_hands(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head:
            raise ConnectionError(head.decode("latin-1"))
        self._is_open, self._buffer = True, rest
        for message in self.wanted["messages"]:
            self._send(1, message.encode())
        if not self.wanted["messages"]:
            self.ready.set_result(None)
        return True

    def _hear(self, at_ns: int, first: int, end: int) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
            return
        self.frames += 1
        self.bytes += end - first
        if self.wanted["keep"]:
            self.kept.append((at_ns, self._buffer[first:end]))

    def _send(self, opcode: int, payload: bytes) -> None:
        """A masked frame, as clients must; the mask is zero."""
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        assert self._transport is not None
        self._transport.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _frame(buffer: bytes, start: int) -> tuple[int, int, int] | None:
    """Opcode and payload bounds of the frame at `start`; None while it is not complete."""
    first = start + 2
    if len(buffer) < first:
        return None
    size = buffer[start + 1] & 0x7F
    if size >= 126:
        width = 2 if size == 126 else 8
        if len(buffer) < first + width:
            return None
        size, first = int.from_bytes(buffer[first : first + width], "big"), first + width
    return (buffer[start] & 0xF, first, first + size) if len(buffer) >= first + size else None


def _reduced(viewers: list[Viewer]) -> list[tuple[int, int, dict[str, int]]]:
    reduced = []
    for viewer in viewers:
        for at_ns, payload in viewer.kept:
            body = orjson.loads(payload)
            reduced.append((viewer.place, at_ns, {row["id"]: row["version"] for row in body.get("upsert", ())}))
        viewer.kept.clear()
    return reduced


def _same(viewer: Viewer) -> Viewer:
    return viewer


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    wanted = orjson.loads(await reader.readline())
    viewers: list[Viewer] = []
    for place in range(wanted["count"]):
        viewer = Viewer(place, wanted)
        await loop.create_connection(partial(_same, viewer), "127.0.0.1", wanted["port"])
        viewers.append(viewer)
        if len(viewers) % OPENED_AT_ONCE == 0:
            await asyncio.gather(*(each.ready for each in viewers[-OPENED_AT_ONCE:]))
    async with asyncio.timeout(60):
        await asyncio.gather(*(viewer.ready for viewer in viewers))
    _say({"ready": len(viewers)})
    while question := await reader.readline():
        if question.strip() == b"frames":
            _say(_reduced(viewers))
        else:
            _say({"frames": sum(each.frames for each in viewers), "bytes": sum(each.bytes for each in viewers)})
    for viewer in viewers:
        viewer.hang_up()


def _say(answer: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


class Viewers:
    """The process of viewers, as the benchmark talks to it."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child

    def ask(self, question: str) -> Any:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(question.encode() + b"\n")
        self._child.stdin.flush()
        return orjson.loads(self._child.stdout.readline())

    def count(self) -> int:
        """How many frames all of them together have been sent."""
        return int(self.ask("count")["frames"])

    def bytes(self) -> int:
        return int(self.ask("count")["bytes"])

    def frames(self) -> list[Frame]:
        """The frames since the last question."""
        return [Frame(*each) for each in self.ask("frames")]


@contextmanager
def viewers(
    port: int, count: int, *, path: str = "/", cookie: str = "", messages: Sequence[str] = (), keep: bool = False
) -> Iterator[Viewers]:
    """`count` connected viewers, each with its first answer received."""
    wanted = {"port": port, "path": path, "cookie": cookie, "messages": list(messages), "count": count, "keep": keep}
    with subprocess.Popen(
        [sys.executable, "-m", "bench._viewers"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin and child.stdout
        try:
            ready = Viewers(child).ask(orjson.dumps(wanted).decode())
            if ready != {"ready": count}:
                raise RuntimeError(f"The viewers did not get in: {ready}")
            yield Viewers(child)
        finally:
            child.stdin.close()
            child.wait(10)


if __name__ == "__main__":
    asyncio.run(_serve())
