"""Doorbells on Redis: publish after a commit, wake arq's workers, and listen through reconnects."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import orjson
import structlog
from arq.connections import ArqRedis, RedisSettings
from arq.constants import job_key_prefix
from arq.jobs import serialize_job
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from leadflow.kernel.live import Ring, SessionEnded, Signal

CHANNEL = "leadflow:commits"
WAKE = "wake"
WAKE_PAUSE_S = 0.1
"""The least time between two messages to one queue: its workers look no more often."""
WAKE_EXPIRES_MS = 86_400_000
log = structlog.get_logger(__name__)

_LOST = (RedisError, OSError, asyncio.TimeoutError)


def encode(signal: Signal) -> bytes:
    match signal:
        case Ring(organization_id, xid, leads, has_events, kinds, noted, people, notified):
            told = {"o": organization_id, "x": xid, "l": leads, "e": has_events, "k": kinds}
            return orjson.dumps({**told, "n": noted, "p": people, "b": notified})
        case SessionEnded(session_id):
            return orjson.dumps({"s": session_id})


def decode(message: bytes) -> Signal:
    body = orjson.loads(message)
    if "s" in body:
        return SessionEnded(UUID(body["s"]))
    kinds = tuple(body["k"]) if body["k"] is not None else None
    people, notified = _ids(body.get("p")) or (), _ids(body.get("b")) or ()
    return Ring(UUID(body["o"]), body["x"], _ids(body["l"]), body["e"], kinds, _ids(body["n"]), people, notified)


def _understood(message: bytes) -> Signal | None:
    """None, "something may have been missed", for a message that a process of another version may have sent."""
    try:
        return decode(message)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("doorbell.not_understood")
        return None


def _ids(names: list[str] | None) -> tuple[UUID, ...] | None:
    return tuple(UUID(name) for name in names) if names is not None else None


def json_job(job: dict[str, object]) -> bytes:
    return orjson.dumps(job)


def queue_name(queue: str) -> str:
    return f"leadflow:queue:{queue}"


class RedisDoorbell:
    """Rings on Redis. An unreachable Redis is logged once per outage and otherwise ignored: pollers take over."""

    def __init__(self, url: str) -> None:
        settings = RedisSettings.from_dsn(url)
        self._redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
        self._listener = Redis.from_url(url, socket_connect_timeout=1, health_check_interval=5)
        self._arq = ArqRedis(
            ConnectionPool.from_url(url, socket_connect_timeout=1, socket_timeout=2),
            job_serializer=json_job,
            job_deserializer=orjson.loads,
        )
        self.settings = settings
        self._is_down = False
        self._woken: dict[str, float] = {}
        self._calls: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        for call in self._calls.values():
            call.cancel()
        for client in (self._redis, self._listener, self._arq):
            await client.aclose(close_connection_pool=True)

    async def ping(self) -> bool:
        try:
            return bool(await self._redis.execute_command("PING"))  # type: ignore[no-untyped-call]  # redis-py
        except _LOST:
            return False

    async def ring(self, signal: Signal) -> None:
        try:
            await self._redis.publish(CHANNEL, encode(signal))
            self._is_down = False
        except _LOST as error:
            self._complain(error)

    async def wake(self, queues: Sequence[str]) -> None:
        for queue in queues:
            wait = self._woken.get(queue, -math.inf) + WAKE_PAUSE_S - time.monotonic()
            if wait <= 0:
                await self._call(queue)
            elif queue not in self._calls:
                self._calls[queue] = asyncio.create_task(self._call_later(queue, wait))

    async def _call_later(self, queue: str, wait: float) -> None:
        await asyncio.sleep(wait)
        del self._calls[queue]
        await self._call(queue)

    async def _call(self, queue: str) -> None:
        """What `enqueue_job` does, without its question whether this very message was sent before."""
        self._woken[queue] = time.monotonic()
        at_ms, name = time.time_ns() // 1_000_000, uuid4().hex
        message = serialize_job(WAKE, (queue,), {}, None, at_ms, serializer=json_job)
        try:
            async with self._arq.pipeline(transaction=True) as pipe:
                pipe.psetex(job_key_prefix + name, WAKE_EXPIRES_MS, message)
                pipe.zadd(queue_name(queue), {name: at_ms})
                await pipe.execute()
            self._is_down = False
        except _LOST as error:
            self._complain(error)

    def _complain(self, error: BaseException) -> None:
        if not self._is_down:
            log.warning("redis.unreachable", error=str(error))
        self._is_down = True

    async def listen(self) -> AsyncIterator[Signal | None]:
        while True:
            try:
                async with self._listener.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    yield None
                    async for message in pubsub.listen():
                        yield _understood(message["data"])
            except _LOST as error:
                self._complain(error)
            await asyncio.sleep(0.5)


class RateLimiter:
    """Counts in fixed windows on Redis; in this process alone while Redis is away."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
        self._local: dict[tuple[str, int], int] = {}

    async def close(self) -> None:
        await self._redis.aclose()

    async def allow(self, key: str, *, limit: int, window_s: int, now_s: float) -> bool:
        """Count one use of `key` and say whether it stays within `limit` per window of `window_s` seconds."""
        slot = int(now_s // window_s)
        name = f"leadflow:rate:{key}:{slot}"
        try:
            used = int(await self._redis.incr(name))
            if used == 1:
                await self._redis.expire(name, window_s + 1)
        except _LOST:
            self._local = {known: count for known, count in self._local.items() if known[1] >= slot}
            used = self._local[(name, slot)] = self._local.get((name, slot), 0) + 1
        return used <= limit
