"""Capture to owner: a backlog of captured leads read, decided by rules, proved and assigned, by one worker process.

Baseline: the same leads given their owners in the same batches by one bare UPDATE each, without reading the log,
rules, ledger or proof. One decision by itself: rules, people and ledger read, and somebody chosen. And one lead by
itself, from its event in the log to owner, ledger and proof committed, beside the bare UPDATE of one owner.
"""

import asyncio
import random
import time
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from bench._stand import Metric, Stand, analyze, application, beside, command, organization, percentile, stand
from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra import memory
from leadflow.infra.projector import Projector
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.routing import repository, service
from leadflow.routing.commands import DefineRule, Pool
from leadflow.routing.conditions import Condition, Operator
from leadflow.routing.dealing import Dealer, LeadToRoute
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS

LEADS, REPS, ROUNDS, BATCH = 5_000, 20, 5, 500
WARM_UP, SINGLE = 50, 500


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        scope, reps = await organization(app, reps=REPS)
        await _rules(app, scope, reps)
        memory.settle()  # as a worker does once it has loaded what it works with
        ours, bare = [], []
        for place in range(ROUNDS):
            ids = await _backlog(app, scope, place * LEADS)
            analyze(where)
            ours.append(await _drain(app, scope))
            bare.append(_bare_updates(where, scope, ids, reps))
        single, plain = await _one_by_one(app, where, scope, reps)
        decisions, choices = await _decisions(app, scope)
    return {
        "routing.leads_per_s": beside("leads/s", ours, bare, ">= 500/s"),
        "routing.decision_p95_ms": {**_milliseconds(decisions, choices), "goal": "<= 10 ms", "people": REPS},
        "routing.one_lead_p95_ms": _milliseconds(single, plain),
    }


def _milliseconds(ours: list[float], baseline: list[float]) -> Metric:
    value, plain = percentile(ours, 0.95), percentile(baseline, 0.95)
    medians = [round(percentile(each, 0.5), 3) for each in (ours, baseline)]
    ratio = round(value / plain, 3)
    return {"value": round(value, 3), "unit": "ms", "baseline": round(plain, 3), "ratio": ratio, "medians": medians}


async def _rules(app: App, scope: Scope, reps: list[UUID]) -> None:
    """Ten rules about sources and values, of which the last takes what the others leave."""
    for place in range(10):
        rare = Condition(field="title", operator=Operator.CONTAINS, value=f"title number {place}")
        big = Condition(field="value", operator=Operator.AT_LEAST, value=1_000_000)
        rule = DefineRule(
            name=f"Rule {place}",
            conditions=Condition(all=(rare, big)) if place < 9 else None,
            pool=Pool(people=tuple(reps)),
            strategy="weighted",
            options={"weights": {str(person): 1 + number % 5 for number, person in enumerate(reps)}},
        )
        async with app.work(scope) as work:
            await service.define(work, rule)


async def _backlog(app: App, scope: Scope, start: int) -> list[UUID]:
    ids: list[UUID] = []
    for first in range(start, start + LEADS, 1000):
        async with app.work(scope) as work:
            captured = await leads.capture_valid(work, [command(number) for number in range(first, first + 1000)])
            ids += [each.lead_id for each in captured]
    return ids


async def _drain(app: App, scope: Scope) -> float:
    routing = next(projection for projection in app.projections if projection.name == "routing")
    projector = Projector(app.database, routing, frozenset(SYSTEM_PERMISSIONS))
    started = time.perf_counter()
    await projector.catch_up(scope.organization_id)
    return LEADS / (time.perf_counter() - started)


def _bare_updates(where: Stand, scope: Scope, ids: list[UUID], reps: list[UUID]) -> float:
    chance = random.Random(7)
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        started = time.perf_counter()
        for first in range(0, LEADS, BATCH):
            batch = ids[first : first + BATCH]
            admin.execute(
                """UPDATE lead SET owner_id = d.owner_id FROM unnest(%s::uuid[], %s::uuid[]) AS d (id, owner_id)
                   WHERE lead.organization_id = %s AND lead.id = d.id""",
                (batch, [chance.choice(reps) for _ in batch], scope.organization_id),
            )
        return LEADS / (time.perf_counter() - started)


async def _one_by_one(app: App, where: Stand, scope: Scope, reps: list[UUID]) -> tuple[list[float], list[float]]:
    """Milliseconds per lead: ours, and bare."""
    routing = next(projection for projection in app.projections if projection.name == "routing")
    projector = Projector(app.database, routing, frozenset(SYSTEM_PERMISSIONS))
    ours, bare = [], []
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        for number in range(-WARM_UP, SINGLE):
            async with app.work(scope) as work:
                captured = await leads.capture(work, command(ROUNDS * LEADS + WARM_UP + number))
            started = time.perf_counter()
            await projector.step(scope.organization_id)
            ours.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            admin.execute(
                "UPDATE lead SET owner_id = %s WHERE organization_id = %s AND id = %s",
                (reps[number % REPS], scope.organization_id, captured.lead_id),
            )
            bare.append((time.perf_counter() - started) * 1000)
    return ours[WARM_UP:], bare[WARM_UP:]


async def _decisions(app: App, scope: Scope) -> tuple[list[float], list[float]]:
    """Milliseconds per decision: with all that it is made from read anew, and once that is at hand."""
    decisions, choices = [], []
    for number in range(-WARM_UP, SINGLE):
        lead = LeadToRoute(new_id(), {"title": f"Title {number}", "value": number, "source": "organic"})
        now = datetime.now(UTC)
        async with app.work(scope) as work:
            started = time.perf_counter()
            rules = await repository.rules(work)
            dealer = Dealer(await repository.floor(work, rules, now))
            ready = time.perf_counter()
            dealer.deal(lead, now)
            done = time.perf_counter()
        decisions.append((done - started) * 1000)
        choices.append((done - ready) * 1000)
    return decisions[WARM_UP:], choices[WARM_UP:]
