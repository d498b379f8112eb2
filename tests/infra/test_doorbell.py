"""Doorbells: heard by everybody who listens, through every absence of Redis, and never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis as Client
from structlog.testing import capture_logs

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.infra.doorbell import CHANNEL, RateLimiter, RedisDoorbell, decode, encode, queue_name
from leadflow.infra.embedded.redis_server import Redis
from leadflow.infra.logging import configure_logging
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import News, Present, Ring, SessionEnded, Signal
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import kill_redis, own_redis
from tests.fixtures.patience import eventually

IDS = st.none() | st.lists(st.uuids(), max_size=5).map(tuple)
RINGS = st.builds(
    Ring,
    organization_id=st.uuids(),
    xid=st.integers(1, 2**63 - 1),
    leads=IDS,
    has_events=st.booleans(),
    kinds=st.none() | st.lists(st.text(max_size=20), max_size=3).map(tuple),
    noted=IDS,
    news=st.lists(st.builds(News, of=st.text(max_size=8), people=IDS), max_size=3).map(tuple),
)
PRESENT = st.builds(
    Present,
    organization_id=st.uuids(),
    process=st.uuids(),
    leads=st.lists(st.tuples(st.uuids(), st.lists(st.uuids(), max_size=3).map(tuple)), max_size=3).map(tuple),
)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with own_redis(tmp_path) as running:
        yield running


@pytest.fixture
async def bell(redis: Redis) -> AsyncIterator[RedisDoorbell]:
    made = RedisDoorbell(redis.url)
    yield made
    await made.close()


@asynccontextmanager
async def hearing(bell: RedisDoorbell) -> AsyncIterator[list[Signal | None]]:
    heard: list[Signal | None] = []

    async def listen() -> None:
        async for signal in bell.listen():
            heard.append(signal)

    task = asyncio.create_task(listen())
    try:
        await eventually(lambda: heard)
        yield heard
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def ring() -> Ring:
    return Ring(new_id(), 7, (new_id(),), has_events=True)


class TestWords:
    @given(RINGS | st.builds(SessionEnded, st.uuids()) | PRESENT)
    def test_what_is_said_is_what_is_heard(self, signal: Signal) -> None:
        assert decode(encode(signal)) == signal

    def test_queues_have_names_of_their_own(self) -> None:
        assert queue_name("interactive") != queue_name("sync")


class TestHearing:
    async def test_everybody_hears_everything_in_order(self, bell: RedisDoorbell) -> None:
        signals = [ring(), SessionEnded(new_id()), ring()]
        async with hearing(bell) as one, hearing(bell) as other:
            for signal in signals:
                await bell.ring(signal)
            for heard in (one, other):
                await eventually(lambda heard=heard: heard == [None, *signals])

    async def test_after_a_restart_of_redis_it_is_said_that_something_may_have_been_missed(
        self, bell: RedisDoorbell, redis: Redis
    ) -> None:
        async with hearing(bell) as heard:
            kill_redis(redis)
            await bell.ring(ring())
            redis.start()
            await eventually(lambda: heard.count(None) >= 2)
            signal = ring()
            await bell.ring(signal)
            await eventually(lambda: heard[-1] == signal)

    async def test_a_listener_that_starts_before_redis_hears_it_later(self, bell: RedisDoorbell, redis: Redis) -> None:
        kill_redis(redis)
        task = asyncio.create_task(_first(bell))
        await asyncio.sleep(0.2)
        redis.start()
        assert await asyncio.wait_for(task, 30) is None

    @pytest.mark.parametrize("message", [b"", b"nonsense", b"{}", b"[]", b"null", b'{"o":"x","x":1}', b'{"s":5}'])
    async def test_a_message_of_another_version_does_not_deafen_anybody(
        self, bell: RedisDoorbell, redis: Redis, message: bytes
    ) -> None:
        async with hearing(bell) as heard, Client.from_url(redis.url) as client:
            await client.publish(CHANNEL, message)
            signal = ring()
            await bell.ring(signal)
            await eventually(lambda: heard == [None, None, signal])


class TestAbsence:
    async def test_ringing_without_redis_raises_nothing_and_is_logged_once(
        self, bell: RedisDoorbell, redis: Redis
    ) -> None:
        kill_redis(redis)
        configure_logging(json=False, level="WARNING")
        with capture_logs() as logs:
            for _ in range(3):
                await bell.ring(ring())
                await bell.wake(["interactive"])
        assert [entry["event"] for entry in logs] == ["redis.unreachable"]
        assert not await bell.ping()

    async def test_it_works_again_once_redis_is_back(self, bell: RedisDoorbell, redis: Redis) -> None:
        kill_redis(redis)
        await bell.ring(ring())
        redis.start()

        async def is_back() -> bool:
            return await bell.ping()

        await eventually(is_back)
        await bell.wake(["interactive"])
        async with Client.from_url(redis.url) as client:
            assert await client.zcard(queue_name("interactive")) == 1

    async def test_a_commit_without_redis_is_a_commit(self, quiet: App, bell: RedisDoorbell, redis: Redis) -> None:
        kill_redis(redis)
        database = Database(quiet.settings.database_url, bell)
        scope = system_scope(new_id())
        async with database.work(scope) as work:
            work.record(Event("test.happened"))
        await database.close()


class TestRateLimits:
    async def test_so_many_in_a_window_and_no_more(self, redis: Redis) -> None:
        limiter = RateLimiter(redis.url)
        allowed = [await limiter.allow("login:ada", limit=3, window_s=60, now_s=1000.0) for _ in range(5)]
        assert allowed == [True, True, True, False, False]
        assert await limiter.allow("login:ben", limit=3, window_s=60, now_s=1000.0)
        assert await limiter.allow("login:ada", limit=3, window_s=60, now_s=1060.0)
        await limiter.close()

    async def test_two_processes_count_together(self, redis: Redis) -> None:
        one, other = RateLimiter(redis.url), RateLimiter(redis.url)
        for limiter, expected in ((one, True), (other, True), (one, False), (other, False)):
            assert await limiter.allow("form:1", limit=2, window_s=60, now_s=0.0) is expected
        await one.close()
        await other.close()

    async def test_without_redis_each_process_counts_for_itself(self, redis: Redis) -> None:
        limiter = RateLimiter(redis.url)
        kill_redis(redis)
        allowed = [await limiter.allow("login:ada", limit=2, window_s=60, now_s=1000.0) for _ in range(4)]
        assert allowed == [True, True, False, False]
        assert await limiter.allow("login:ada", limit=2, window_s=60, now_s=1060.0)
        await limiter.close()

    async def test_counts_do_not_stay_for_ever(self, redis: Redis) -> None:
        limiter = RateLimiter(redis.url)
        await limiter.allow("login:ada", limit=2, window_s=60, now_s=1000.0)
        async with Client.from_url(redis.url) as client:
            (name,) = await client.keys("leadflow:rate:*")
            assert 0 < await client.ttl(name) <= 61
        await limiter.close()


async def _first(bell: RedisDoorbell) -> Signal | None:
    async for signal in bell.listen():
        return signal
    raise AssertionError
