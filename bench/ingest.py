"""Backlog to score: events of a backlog read, folded, scored, stored and rung, by one worker process.

Baseline: the same leads updated in the same batches by one bare UPDATE each, without reading, scoring or explaining.
"""

import asyncio
import random
import time
from uuid import UUID

import psycopg

from bench._stand import Metric, Stand, application, beside, fill, organization, stand
from leadflow.bootstrap import App
from leadflow.infra import memory
from leadflow.infra.projector import Projector
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS

LEADS, EVENTS, ROUNDS = 20_000, 10_000, 5
KINDS = ("page_viewed", "email_opened", "pricing_visited", "email_clicked", "demo_requested")


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    chance = random.Random(7)
    async with application(where) as app:
        scope, _ = await organization(app)
        ids = await fill(app, scope, LEADS)
        memory.settle()  # as a worker does once it has loaded what it works with
        ours, bare = [], []
        for _ in range(ROUNDS):
            await _backlog(app, scope, ids, chance)
            ours.append(await _drain(app, scope))
            bare.append(_bare_updates(where, scope, ids, chance))
    return {"ingest.events_per_s": beside("events/s", ours, bare, ">= 5000/s")}


async def _backlog(app: App, scope: Scope, ids: list[UUID], chance: random.Random) -> None:
    for _ in range(0, EVENTS, 1000):
        async with app.work(scope) as work:
            for _ in range(1000):
                work.record(Event(f"behaviour.{chance.choice(KINDS)}", chance.choice(ids)))


async def _drain(app: App, scope: Scope) -> float:
    scoring = next(projection for projection in app.projections if projection.name == "scoring")
    projector = Projector(app.database, scoring, frozenset(SYSTEM_PERMISSIONS))
    started = time.perf_counter()
    await projector.catch_up(scope.organization_id)
    return EVENTS / (time.perf_counter() - started)


def _bare_updates(where: Stand, scope: Scope, ids: list[UUID], chance: random.Random) -> float:
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        started = time.perf_counter()
        for _ in range(0, EVENTS, 1000):
            admin.execute(
                """UPDATE lead SET score = s.score FROM unnest(%s::uuid[], %s::smallint[]) AS s (id, score)
                   WHERE lead.organization_id = %s AND lead.id = s.id""",
                (
                    [chance.choice(ids) for _ in range(1000)],
                    [chance.randrange(100) for _ in range(1000)],
                    scope.organization_id,
                ),
            )
        return EVENTS / (time.perf_counter() - started)
