"""The baseline of the live feed: the least that a hub can be. What is published on Redis goes to every socket."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench._product import Running, free_port, server, wait_for_port
from bench._stand import Stand

CHANNEL = "bench:echo"
PADDING = "x" * 420


def like_ours(name: str) -> bytes:
    """A frame of the size of ours."""
    row = {"id": name, "version": 1, "padding": PADDING}
    return orjson.dumps({"op": "patch", "rev": "1", "upsert": [row], "remove": [], "sub": "s1"})


@contextmanager
def echo_hub(where: Stand) -> Iterator[Running]:
    port = free_port()
    log = where.settings.home / "logs" / "echo.log"
    command = [sys.executable, "-m", "bench._echo_hub", str(port)]
    with server(command, {"REDIS_URL": where.settings.redis_url}, log) as pid:
        wait_for_port(port, log)
        yield Running(pid, port)


async def main(port: int) -> None:
    sockets: set[ServerConnection] = set()

    async def hold(socket: ServerConnection) -> None:
        sockets.add(socket)
        try:
            await socket.wait_closed()
        finally:
            sockets.discard(socket)

    async with (
        serve(hold, "127.0.0.1", port, compression=None, ping_interval=None),
        Redis.from_url(os.environ["REDIS_URL"]) as redis,
        redis.pubsub(ignore_subscribe_messages=True) as pubsub,
    ):
        await pubsub.subscribe(CHANNEL)
        async for message in pubsub.listen():
            broadcast(sockets, message["data"].decode())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
