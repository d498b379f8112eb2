"""From a commit, or from an event posted by another system, to every open board.

`live.commit_to_frame`: 20 boards are open, 20 events a second come in through the API; the time from the moment the
worker has committed the new score until the frame is at the viewer. Baseline: the same frames at the same moments,
published on Redis and passed on to the same number of viewers by a hub that does nothing else.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from bench import _dom, _fanout
from bench._echo_hub import CHANNEL, echo_hub, like_ours
from bench._events import Post, post_all, warm_up
from bench._product import (
    Product,
    Visitor,
    leads_wanted,
    product,
    read_commits,
    settle,
    visitor,
)
from bench._stand import Metric, Stand, application, beside, fill, organization, percentile, stand
from bench._viewers import BOARD, Frame, Viewers, viewers
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.views import queries
from leadflow.views.rules import LeadFilter

VIEWERS, EVENTS_PER_S, SECONDS, ROUNDS = 20, 20, 10, 5
KINDS = ("pricing_visited", "email_clicked", "demo_requested", "email_replied", "meeting_booked")
LAST_FRAMES_S = 1.0


@dataclass(frozen=True)
class Scene:
    """A filled organization, and the product that serves it."""

    app: App
    scope: Scope
    leads: list[UUID]
    product: Product
    visitor: Visitor


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        scope, _ = await organization(app)
        ids = await fill(app, scope, leads_wanted())
        entry = await visitor(app, scope)
        settle(where)
        with product(where) as running:
            scene = Scene(app, scope, ids, running, entry)
            await warm_up(running, entry, ids)
            metrics = await _commit_to_frame(scene)
            metrics |= await _dom.measure(app, scope, running, entry)
            return metrics | await _fanout.measure(app, scope, ids, running, entry)


async def _commit_to_frame(scene: Scene) -> dict[str, Metric]:
    chance = random.Random(7)
    ours: list[list[float]] = []
    bare: list[list[float]] = []
    port = scene.product.where.settings.port
    cookie = scene.visitor.cookie
    with (
        viewers(port, VIEWERS, path="/api/live", cookie=cookie, messages=[BOARD], keep=True) as boards,
        echo_hub(scene.product.where) as hub,
        viewers(hub.port, VIEWERS, keep=True) as listeners,
    ):
        for _ in range(ROUNDS):
            gaps = [chance.expovariate(EVENTS_PER_S) for _ in range(EVENTS_PER_S * SECONDS)]
            ours.append(await _our_round(scene, boards, gaps, chance.sample(scene.leads, len(gaps))))
            bare.append(await _bare_round(scene.product, listeners, gaps))
    return {
        "live.commit_to_frame_p50": _latency(ours, bare, 0.50, "<= 3x"),
        "live.commit_to_frame_p99": _latency(ours, bare, 0.99, "<= 4x"),
    }


def _latency(ours: list[list[float]], bare: list[list[float]], share: float, goal: str) -> Metric:
    metric = beside("ms", [percentile(each, share) for each in ours], [percentile(each, share) for each in bare], goal)
    return {**metric, "deliveries": sum(map(len, ours)), "leads": leads_wanted(), "load": os.getloadavg()[0]}


async def _our_round(scene: Scene, boards: Viewers, gaps: Sequence[float], leads: Sequence[UUID]) -> list[float]:
    before = await versions_of(scene.app, scene.scope, leads)
    boards.frames()
    since = time.time_ns()
    posts = [
        Post(gap, lead, KINDS[place % len(KINDS)]) for place, (gap, lead) in enumerate(zip(gaps, leads, strict=True))
    ]
    await post_all(scene.product, scene.visitor, posts)
    await asyncio.sleep(LAST_FRAMES_S)
    committed: dict[str, int] = {}
    for at_ns, changed in read_commits(scene.product.commits, since):
        for lead in changed:
            committed.setdefault(lead, at_ns)
    return delays(boards.frames(), committed, before, VIEWERS)


async def versions_of(app: App, scope: Scope, leads: Sequence[UUID]) -> dict[str, int]:
    async with app.work(scope) as work:
        found = await queries.changes_of(work, LeadFilter(), list(leads))
    return {row["id"]: row["version"] for row in found.upsert}


def delays(
    frames: Sequence[Frame], committed: dict[str, int], before: dict[str, int], viewer_count: int
) -> list[float]:
    """Milliseconds from each commit until each viewer first saw the version that it made."""
    seen: set[tuple[int, str]] = set()
    found = []
    for frame in frames:
        for lead, version in frame.versions.items():
            if lead in committed and version > before[lead] and (frame.viewer, lead) not in seen:
                seen.add((frame.viewer, lead))
                found.append((frame.at_ns - committed[lead]) / 1e6)
    expected = len(committed) * viewer_count
    if len(found) < expected:
        print(f"  {expected - len(found)} of {expected} deliveries did not come", file=sys.stderr)
    return found


async def _bare_round(running: Product, listeners: Viewers, gaps: Sequence[float]) -> list[float]:
    listeners.frames()
    published: dict[str, int] = {}
    async with Redis.from_url(running.where.settings.redis_url) as redis:
        due = time.perf_counter()
        for place, gap in enumerate(gaps):
            due += gap
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            frame = like_ours(str(place))
            published[str(place)] = time.time_ns()
            await redis.publish(CHANNEL, frame)
    await asyncio.sleep(LAST_FRAMES_S)
    return delays(listeners.frames(), published, dict.fromkeys(published, 0), VIEWERS)
