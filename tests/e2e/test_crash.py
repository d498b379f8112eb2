"""Everything that can be killed is killed while leads come in: nothing is lost, nothing is doubled, all are scored."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from leadflow.bootstrap import App
from leadflow.tenancy.permissions import Role
from tests.e2e.people import api
from tests.fixtures import cast
from tests.fixtures.engines import Engines
from tests.fixtures.house import House, free_port, house
from tests.fixtures.installation import NOT_FOR_LATER, as_superuser, installation, is_unread, kill_redis, own_redis
from tests.fixtures.patience import eventually

COUNT, AT_ONCE, PATIENCE_S = 1000, 16, 180.0


class Caller:
    """Another system, as it should be: it repeats what was not answered, under the same key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.answered = 0

    async def post(self, path: str, key: str, body: dict[str, object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        async with self._slots:
            while time.monotonic() < deadline:
                try:
                    answer = await self._client.post(path, json=body, headers={"Idempotency-Key": key})
                except httpx.TransportError:
                    await asyncio.sleep(0.2)
                    continue
                if answer.status_code < 500:
                    assert answer.status_code in (200, 201, 202), answer.text
                    self.answered += 1
                    return
                await asyncio.sleep(0.2)
        raise AssertionError(f"{key} was never answered")


async def test_kill_worker_web_and_redis_in_the_middle_of_a_thousand_captures_and_events(
    engines: Engines, tmp_path: Path
) -> None:
    with own_redis(tmp_path) as redis:
        async with installation(engines, tmp_path, redis_url=redis.url) as app:
            people = ("Ada", Role.OWNER), ("Ben", Role.REP), ("Bo", Role.REP)
            (owner, *_) = await cast.found_company(app, "Crash", *people)
            port = free_port()
            own = app.settings.model_copy(
                update={"host": "127.0.0.1", "port": port, "public_url": f"http://localhost:{port}"}
            )
            with house(own) as product:
                async with api(app, product, owner) as client:
                    await _storm(Caller(client), product, lambda: _restart_redis(redis))
                await _settled(app, owner)
            _nothing_lost_nothing_doubled(app)


async def _storm(caller: Caller, product: House, restart_redis: Callable[[], Awaitable[None]]) -> None:
    """A thousand captures, then a thousand events, and six deaths at even distances."""

    async def calls() -> None:
        leads = [
            caller.post("/leads", f"lead-{n}", {"email": f"p{n}@storm.example", "name": f"Person {n}"})
            for n in range(COUNT)
        ]
        await asyncio.gather(*leads)
        events = [
            caller.post("/events", f"event-{n}", {"email": f"p{n}@storm.example", "kind": "pricing_visited"})
            for n in range(COUNT)
        ]
        await asyncio.gather(*events)

    async def deaths() -> None:
        for number in range(6):
            while caller.answered < (number + 1) * 2 * COUNT // 7:
                await asyncio.sleep(0.01)
            victim = ("worker", "web", "redis")[number % 3]
            if victim == "redis":
                await restart_redis()
            else:
                product.kill(victim)
                await asyncio.to_thread(product.start, victim)

    await asyncio.gather(calls(), deaths())


async def _restart_redis(redis: object) -> None:
    kill_redis(redis)  # type: ignore[arg-type]  # a colleague of the fixture
    await asyncio.sleep(1.0)
    redis.start()  # type: ignore[attr-defined]


async def _settled(app: App, owner: cast.Member) -> None:
    async def is_done() -> bool:
        with as_superuser(app.settings) as admin:
            row = admin.execute(
                f"SELECT count(*) FROM job WHERE state IN ('ready', 'running') AND {NOT_FOR_LATER}"
            ).fetchone()
        return bool(row and row[0] == 0) and not await is_unread(app, owner.organization_id, ("scoring", "routing"))

    await eventually(is_done, seconds=PATIENCE_S)


def _nothing_lost_nothing_doubled(app: App) -> None:
    with as_superuser(app.settings) as admin:

        def count(question: str) -> int:
            row = admin.execute(question).fetchone()
            assert row
            return int(row[0])

        assert count("SELECT count(*) FROM lead") == COUNT
        assert count("SELECT count(*) FROM event WHERE kind = 'lead.captured'") == COUNT
        assert count("SELECT count(*) FROM event WHERE kind = 'lead.joined'") == 0
        assert count("SELECT count(*) FROM event WHERE kind = 'behaviour.pricing_visited'") == COUNT
        assert count("SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'behaviour.pricing_visited'") == COUNT
        assert count("SELECT count(*) FROM event WHERE kind = 'lead.assigned'") == COUNT
        assert count("SELECT count(*) FROM lead_score WHERE explanation::text LIKE '%Visited pricing%'") == COUNT
        assert count("SELECT count(*) FROM lead WHERE score > 0 AND owner_id IS NOT NULL") == COUNT
        assert count("SELECT count(*) FROM lead WHERE facts ? 'email_kind' OR facts ? 'email_valid'") == COUNT
        assert count("SELECT count(*) FROM job WHERE state IN ('failed', 'quarantined')") == 0
