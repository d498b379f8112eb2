"""Backlog to score: events of a backlog read, folded, scored, stored and rung, by one worker process.

`ingest.events_per_s`: of events that are there. Baseline: the same leads updated in the same batches by one bare UPDATE
each, without reading, scoring or explaining.

`scoring.pipeline_events_per_s`: with the events' coming in. Baseline: the same events come in, are read, and ready-made
scores and reasons of the same size are stored, told and rung by the same statements; nothing is looked up, judged or
explained.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from uuid import UUID

import orjson
import psycopg
from pydantic import JsonValue

from bench._product import settle
from bench._stand import Metric, Stand, application, behave, beside, fill, organization, stand
from leadflow.bootstrap import App
from leadflow.infra import memory
from leadflow.infra.projector import Projector
from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.scoring import repository
from leadflow.scoring.events import SCORED
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS

LEADS, EVENTS, ROUNDS = 20_000, 10_000, 5
KINDS = ("page_viewed", "email_opened", "pricing_visited", "email_clicked", "demo_requested")
_SCORES = "SELECT lead_id, features, score, band, trail, explanation FROM lead_score WHERE organization_id = %s"


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    chance = random.Random(7)
    async with application(where) as app:
        scope, _ = await organization(app)
        ids = await fill(app, scope, LEADS)
        settle(where)
        scoring = next(each for each in app.projections if each.name == "scoring")
        storing = Stored(where, scope).projection()
        await Projector(app.database, storing, SYSTEM).catch_up(scope.organization_id)
        memory.settle()  # as a worker does once it has loaded what it works with
        ours, bare, whole, stored = [], [], [], []
        for _ in range(ROUNDS):
            came, drained = await _through(app, scope, ids, chance, scoring)
            await Projector(app.database, storing, SYSTEM).catch_up(scope.organization_id)
            ours.append(EVENTS / drained)
            whole.append(EVENTS / (came + drained))
            came, drained = await _through(app, scope, ids, chance, storing)
            stored.append(EVENTS / (came + drained))
            await Projector(app.database, scoring, SYSTEM).catch_up(scope.organization_id)
            bare.append(_bare_updates(where, scope, ids, chance))
    return {
        "ingest.events_per_s": beside("events/s", ours, bare, ">= 5000/s"),
        "scoring.pipeline_events_per_s": beside("events/s", whole, stored, ">= 0.8x, >= 5000/s"),
    }


SYSTEM = frozenset(SYSTEM_PERMISSIONS)


async def _through(
    app: App, scope: Scope, ids: list[UUID], chance: random.Random, projection: Projection
) -> tuple[float, float]:
    """Seconds in which the events have come in, and in which they were folded."""
    started = time.perf_counter()
    await behave(app, scope, KINDS, ids, EVENTS, chance)
    between = time.perf_counter()
    await Projector(app.database, projection, SYSTEM).catch_up(scope.organization_id)
    return between - started, time.perf_counter() - between


class Stored:
    """Stores for each lead what scoring has stored for it before, as text that is ready."""

    def __init__(self, where: Stand, scope: Scope) -> None:
        with psycopg.connect(where.admin_dsn) as admin:
            rows = admin.execute(_SCORES, (scope.organization_id,)).fetchall()
        self._ready = {row[0]: _ready(*row) for row in rows}

    def projection(self) -> Projection:
        return Projection("bench_stored", ("behaviour.",), self.fold, batch=1000)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        ids = sorted({event.lead_id for event in events if event.lead_id}, key=repository.BY_ID)
        values = {"organization_id": work.organization_id, "now": work.clock.now()}
        rows = f"[{','.join(self._ready[lead] for lead in ids)}]"
        saving, _ = repository.saving(work, {}, {})
        await work.session.execute_all(leads.locking(work, ids), (saving, {**values, "rows": rows}))
        said: dict[str, JsonValue] = {
            "score": 50,
            "from": 49,
            "band": "warm",
            "was": "warm",
            "reason": "Visited pricing",
            "because": "x.y",
        }
        work.record_all(Event(SCORED, event.lead_id, said, occurred_at=event.occurred_at) for event in events)


def _ready(lead_id: UUID, features: object, score: float, band: str, trail: str, explanation: object) -> str:
    row = {
        "lead_id": lead_id, "features": features, "score": score, "shown": round(score), "delta": 1, "band": band,
        "seen": band, "band_since": None, "band_changes": [], "trail": trail, "reason": "Visited pricing",
        "explanation": explanation,
    }  # fmt: skip
    return orjson.dumps(row).decode()


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
