"""What one delivery costs the web process, and how many changes a second reach every viewer.

Baselines in the same run: the least that a hub can be (`_echo_hub`), and the same rows pushed through Reflex state
(`_reflex_push`).
"""

import asyncio
import itertools
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import text

from bench import _reflex_push
from bench._echo_hub import CHANNEL, echo_hub, like_ours
from bench._product import Product, Running, Visitor
from bench._stand import Metric, beside
from bench._viewers import BOARD, Viewers, viewers
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope

VIEWERS, UPDATES_PER_S, SECONDS, ROUNDS = 1000, 10, 6, 5
FLOOD_VIEWERS, FLOOD_WRITERS, FLOOD_SECONDS = 200, 4, 5
LAST_FRAMES_S = 1.0

_CHANGE = text("UPDATE lead SET score = :score WHERE organization_id = :organization_id AND id = :id")

Change = Callable[[], Awaitable[None]]


async def measure(
    app: App, scope: Scope, leads: Sequence[UUID], product: Product, visitor: Visitor
) -> dict[str, Metric]:
    chance = random.Random(11)
    port = product.where.settings.port

    async def change() -> None:
        await change_one(app, scope, chance.choice(leads), chance.randrange(100))

    boards = viewers(port, VIEWERS, path="/api/live", cookie=visitor.cookie, messages=[BOARD])
    with boards as ours, echo_hub(product.where) as hub, viewers(hub.port, VIEWERS) as bare:
        async with Redis.from_url(product.where.settings.redis_url) as redis:

            async def echo() -> None:
                await redis.publish(CHANNEL, like_ours("x"))

            rounds = [
                (await cpu_per_delivery(product.web, ours, change), await cpu_per_delivery(hub, bare, echo))
                for _ in range(ROUNDS)
            ]
    costs = [our for our, _ in rounds]
    reflex = await _reflex_push.measure(product.where, ROUNDS)
    noted: Metric = {"viewers": VIEWERS, "updates_per_s": UPDATES_PER_S, "load": os.getloadavg()[0]}
    return {
        "live.cpu_per_delivery": beside("us", costs, [bare_cost for _, bare_cost in rounds], "<= 1.6x") | noted,
        "live.reflex_state_cpu_per_delivery": beside("us", reflex, costs, ">= 10x ours"),
        "live.fanout_updates_per_s": await _flood(app, scope, leads, port, visitor),
    }


async def change_one(app: App, scope: Scope, lead: UUID, score: int) -> None:
    """What a score does to a lead, without the scoring."""
    async with app.work(scope) as work:
        await work.session.execute(_CHANGE, {"organization_id": scope.organization_id, "id": lead, "score": score})
        work.touch([lead])


async def cpu_per_delivery(server: Running, watching: Viewers, change: Change) -> float:
    """Microseconds of the server's processor time per frame that arrived, at a steady pace of changes."""
    frames, used = watching.count(), server.cpu_s()
    started = time.perf_counter()
    for place in range(SECONDS * UPDATES_PER_S):
        await change()
        await asyncio.sleep(max(started + (place + 1) / UPDATES_PER_S - time.perf_counter(), 0))
    await asyncio.sleep(LAST_FRAMES_S)
    return (server.cpu_s() - used) / (watching.count() - frames) * 1e6


async def _flood(app: App, scope: Scope, leads: Sequence[UUID], port: int, visitor: Visitor) -> Metric:
    """Changes as fast as they can be committed, each to another lead; every one has to reach every viewer."""
    places = itertools.count()

    async def write(stop: float) -> None:
        while time.perf_counter() < stop:
            place = next(places)
            await change_one(app, scope, leads[place % len(leads)], place % 100)

    boards = viewers(port, FLOOD_VIEWERS, path="/api/live", cookie=visitor.cookie, messages=[BOARD], keep=True)
    with boards as watching:
        started = time.perf_counter()
        await asyncio.gather(*(write(started + FLOOD_SECONDS) for _ in range(FLOOD_WRITERS)))
        took = time.perf_counter() - started
        await asyncio.sleep(LAST_FRAMES_S)
        frames = watching.frames()
    updates = sum(len(frame.versions) for frame in frames)
    return {
        "value": round(updates / FLOOD_VIEWERS / took, 1),
        "unit": "updates/s",
        "goal": "informational",
        "viewers": FLOOD_VIEWERS,
        "frames_per_s_and_viewer": round(len(frames) / FLOOD_VIEWERS / took, 1),
        "committed_per_s": round(next(places) / took, 1),
    }
