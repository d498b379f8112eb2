"""A small HTTP/1.1 client on one connection: what it costs would otherwise be measured as the server's."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson

from bench._product import Product


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: Mapping[str, str]) -> None:
        self._reader = reader
        self._writer = writer
        self._head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """One request and its answer: status and body."""
        content = b"" if body is None else orjson.dumps(body)
        kind = "Content-Type: application/json\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{kind}Content-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        return int(answer[9:12]), await self._reader.readexactly(length)

    async def expect(self, status: int, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises RuntimeError when it has another status."""
        got, content = await self.send(method, path, body)
        if got != status:
            raise RuntimeError(f"{method} {path}: {got} {content[:500].decode(errors='replace')}")
        return orjson.loads(content) if content else None

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def connections(product: Product, count: int, authorization: str) -> AsyncIterator[list[Connection]]:
    headers = {"Host": f"localhost:{product.where.settings.port}", "Authorization": authorization}
    opened = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", product.where.settings.port)
        opened.append(Connection(reader, writer, headers))
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()
