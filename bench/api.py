"""The JSON interface with 100,000 leads behind it: lists under twelve mixed questions, and new leads.

Baselines in the same rounds: an answer that asks nobody (`/api/health/live`) and one lead by its id. Web and worker run
as they do in production, so what a new lead sets in motion (scoring, routing, enrichment) shares the machine.
"""

import itertools
import os
from collections.abc import Awaitable
from urllib.parse import quote

import uvloop

from bench._http import Connection, connections
from bench._load import SECONDS, Measured, Request, by_key, list_paths, reads, timed
from bench._product import Product, Visitor, leads_wanted, product, settle, visitor
from bench._stand import SOURCES, Metric, Stand, application, fill, organization, percentile, stand

CONNECTIONS, ROUNDS = (8, 1), 5
GOAL = "<= 30 ms"
LISTS = (
    "",
    "sort=score",
    "sort=-captured_at",
    "sort=name",
    "sort=-value",
    "sort=company",
    "stage=new,contacted",
    "band=hot,warm&sort=-score",
    f"source={quote(SOURCES[0])}",
    "captured=7d&sort=-captured_at",
    "q=person%20number777",
    "q=company%2042&sort=name",
)


def run() -> dict[str, Metric]:
    with stand() as where:
        return uvloop.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        scope, _ = await organization(app)
        ids = await fill(app, scope, leads_wanted())
        entry = await visitor(app, scope)
        settle(where)
        with product(where) as running:
            kinds = {
                "no_op": reads(["/api/health/live"]),
                "by_key": by_key(ids),
                "list": reads(await list_paths(running, entry, LISTS)),
                "create": _creates(),
            }
            found = {count: await _rounds(running, entry, kinds, count) for count in CONNECTIONS}
    return {"api.list_p95": _metric(found, "list"), "api.create_p95": _metric(found, "create")}


def _metric(found: dict[int, dict[str, Measured]], kind: str) -> Metric:
    many, one = (found[count] for count in CONNECTIONS)
    ratios = sorted(
        percentile(ours, 0.95) / percentile(base, 0.95)
        for ours, base in zip(many[kind].rounds, many["by_key"].rounds, strict=True)
    )
    return {
        "value": many[kind].at(0.95),
        "unit": "ms",
        "baseline": many["by_key"].at(0.95),
        "ratio": round(many[kind].at(0.95) / many["by_key"].at(0.95), 3),
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
        "goal": GOAL,
        "p50": many[kind].at(0.5),
        "p99": many[kind].at(0.99),
        "per_s": many[kind].per_s,
        "by_key_per_s": many["by_key"].per_s,
        "no_op": {"p95": many["no_op"].at(0.95), "per_s": many["no_op"].per_s},
        "one_connection": {name: {"p50": each.at(0.5), "p95": each.at(0.95)} for name, each in one.items()},
        "connections": CONNECTIONS[0],
        "leads": leads_wanted(),
        "load": round(os.getloadavg()[0], 1),
    }


async def _rounds(running: Product, entry: Visitor, kinds: dict[str, Request], count: int) -> dict[str, Measured]:
    found = {name: Measured([]) for name in kinds}
    async with connections(running, count, entry.authorization) as opened:
        for name, request in kinds.items():
            await timed(opened, request, SECONDS / 4)
        for _ in range(ROUNDS):
            for name, request in kinds.items():
                found[name].rounds.append(await timed(opened, request, SECONDS))
    return found


def _creates() -> Request:
    numbers = itertools.count(10_000_000)

    def create(connection: Connection) -> Awaitable[object]:
        number = next(numbers)
        lead = {
            "email": f"person{number}@company{number % 997}.example",
            "phone": f"+4930{number:08d}",
            "name": f"Person Number{number}",
            "company": f"Company {number % 997}",
            "source": SOURCES[number % len(SOURCES)],
            "value": (number * 7919) % 5_000_000,
        }
        return connection.expect(201, "POST", "/api/v1/leads", lead)

    return create
