"""Lists through the JSON interface at 10,000, 100,000 and 1,000,000 leads of one organization beside half as many of
another: pages of 50 under twelve mixed questions, and some of their second pages.

Baseline in the same rounds: one lead by its id. Growth is the slope of the median at one connection, its logarithm over
the logarithm of the size.
"""

import os

import psycopg
import uvloop

from bench._growth import slope
from bench._http import connections
from bench._load import SECONDS, Measured, by_key, list_paths, reads, timed
from bench._planted import planted
from bench._product import product, settle, visitor
from bench._stand import Metric, Stand, application, stand

SIZES = [int(size) for size in os.environ.get("LEADFLOW_BENCH_LIST_LEADS", "10000,100000,1000000").split(",")]
CONNECTIONS, ROUNDS = (8, 1), 5
QUESTIONS = (
    "",
    "sort=score",
    "sort=-captured_at",
    "sort=name",
    "sort=-value",
    "sort=company",
    "stage=new,contacted",
    "band=hot&stage=new,contacted,qualified,proposal&sort=-score",
    "source=google%20ads",
    "captured=7d&sort=-captured_at",
    "owner=none&sort=-captured_at",
    "stage=proposal&sort=-value",
)

Found = dict[int, dict[str, Measured]]
"""By the number of connections: the lists and the reads by key."""


def run() -> dict[str, Metric]:
    found: dict[int, Found] = {}
    for size in SIZES:
        with stand() as where:
            found[size] = uvloop.run(_measure(where, size))
    largest = found[max(found)]
    many = largest[max(CONNECTIONS)]
    lists, keys = many["list"], many["by_key"]
    growth = slope({size: each[1]["list"].at(0.5) for size, each in found.items()})
    sizes = {
        size: {f"{count} {name}": {"p50": took.at(0.5), "p99": took.at(0.99), "per_s": took.per_s}
               for count, kinds in each.items() for name, took in kinds.items()}
        for size, each in found.items()
    }  # fmt: skip
    return {
        "list.http_p99": _metric("ms", lists.at(0.99), keys.at(0.99), "<= 2x") | {"sizes": sizes},
        "list.http_per_s": _metric("/s", lists.per_s, keys.per_s, ">= 0.7x"),
        "list.http_growth_exponent": {"value": growth, "unit": "", "goal": "<= 0.05"},
    }


def _metric(unit: str, value: float, baseline: float, goal: str) -> Metric:
    ratio = round(value / baseline, 3)
    return {"value": value, "unit": unit, "baseline": baseline, "ratio": ratio, "goal": goal}


async def _measure(where: Stand, size: int) -> Found:
    async with application(where) as app:
        scope = await planted(app, size)
        await planted(app, size // 2, seed=2)
        entry = await visitor(app, scope)
        settle(where)
        with psycopg.connect(where.admin_dsn) as admin:
            rows = admin.execute(
                "SELECT id FROM lead WHERE organization_id = %s ORDER BY md5(id::text) LIMIT 1000",
                (scope.organization_id,),
            )
            ids = [key for (key,) in rows.fetchall()]
        with product(where) as running:
            kinds = {"by_key": by_key(ids), "list": reads(await list_paths(running, entry, QUESTIONS))}
            found: Found = {}
            for count in CONNECTIONS:
                found[count] = {name: Measured([]) for name in kinds}
                async with connections(running, count, entry.authorization) as opened:
                    for request in kinds.values():
                        await timed(opened, request, SECONDS / 2)
                    for _ in range(ROUNDS):
                        for name, request in kinds.items():
                            found[count][name].rounds.append(await timed(opened, request, SECONDS))
    return found
