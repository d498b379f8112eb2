"""Lists at 10,000, 100,000 and 1,000,000 leads of one organization beside half as many of another, row-level security
on: by each sort key, under twelve filters, fifty pages deep, counts by stage and the board.

Every question is asked of the product's own queries and, in the same round, of PostgreSQL as bare SQL by a superuser,
without walls and without our code; and one lead is read by its key. Growth is the slope of the median's logarithm over
the logarithm of the size.
"""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from uuid import UUID

import psycopg

from bench._growth import slope
from bench._list_questions import BOARD, BY_KEY, COUNTS, PAGE, Question, filters, sorts
from bench._planted import planted
from bench._product import settle
from bench._stand import Metric, Stand, application, percentile, stand
from leadflow.bootstrap import App
from leadflow.kernel.reach import Reach
from leadflow.kernel.scope import Scope
from leadflow.leads import queries as leads
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.permissions import REACHING, Role
from leadflow.views import queries
from leadflow.views.rules import LeadFilter, Sort

SIZES = [int(size) for size in os.environ.get("LEADFLOW_BENCH_LIST_LEADS", "10000,100000,1000000").split(",")]
ROUNDS = int(os.environ.get("LEADFLOW_BENCH_LIST_ROUNDS", "30"))
DEPTH = 50

Ask = Callable[[], Awaitable[object]]


@dataclass
class Took:
    """Milliseconds: ours and the bare SQL's."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """Something that is measured: what kind of thing it is, the product's way and the bare one."""

    kind: str
    name: str
    ours: Ask
    bare: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


Found = dict[tuple[str, str], Took]


def run() -> dict[str, Metric]:
    found: dict[int, Found] = {}
    for size in SIZES:
        with stand() as where:
            found[size] = asyncio.run(_measure(where, size))
    return _metrics(found)


async def _measure(where: Stand, size: int) -> Found:
    async with application(where) as app:
        scope = await planted(app, size)
        await planted(app, size // 2, seed=2)
        settle(where)
        with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
            drawn = admin.execute(
                "SELECT id FROM lead WHERE organization_id = %s ORDER BY id LIMIT 1000", (scope.organization_id,)
            )
            return await _rounds(admin, scope, await _everything(app, scope, [key for (key,) in drawn.fetchall()]))


async def _everything(app: App, scope: Scope, keys: Sequence[UUID]) -> list[Asked]:
    async with app.reading(scope) as work:
        seller = next(person for person in await tenancy.people(work) if person.role == Role.REP)
    own = replace(scope, reaches=dict.fromkeys(REACHING, Reach(frozenset(), seller.id)))
    team = replace(scope, reaches=dict.fromkeys(REACHING, Reach(frozenset({seller.team}))))
    asked = [_page(app, scope, "list", each) for each in sorts()]
    asked += [_page(app, scope, "filter", each) for each in filters(seller.id)]
    for sort in (Sort.SCORE_DESC, Sort.CAPTURED_DESC, Sort.NAME):
        asked.append(await _deep(app, scope, sort))
    for name, within in (("own", own), ("team", team)):
        asked += [
            _page(app, within, "reach", Question(f"{name} list")),
            _page(app, within, "reach", Question(f"{name} newest", Sort.CAPTURED_DESC)),
            Asked("reach", f"{name} counts", _counts(app, within)),
        ]
    asked += [
        Asked("counts", "by stage", _counts(app, scope), COUNTS),
        Asked("board", "load", _board(app, scope), BOARD),
        Asked("by key", "lead", _by_key(app, scope, keys), BY_KEY, {"id": keys[0]}),
    ]
    return asked


def _page(app: App, scope: Scope, kind: str, question: Question, cursor: str | None = None) -> Asked:
    async def ask() -> str | None:
        async with app.reading(scope) as work:
            return (await queries.page(work, question.wanted, question.sort, cursor, PAGE)).next_cursor

    has_bare = scope.reach("leads.read").is_all and cursor is None
    return Asked(kind, question.name, ask, question.bare if has_bare else "", question.values)


async def _deep(app: App, scope: Scope, sort: Sort) -> Asked:
    """The page after the fiftieth."""
    cursor = None
    for _ in range(DEPTH):
        async with app.reading(scope) as work:
            cursor = (await queries.page(work, LeadFilter(), sort, cursor, PAGE)).next_cursor
    return _page(app, scope, "deep", Question(f"page {DEPTH + 1} {sort.value}", sort), cursor)


def _counts(app: App, scope: Scope) -> Ask:
    async def ask() -> None:
        async with app.reading(scope) as work:
            await queries.counts(work, LeadFilter())

    return ask


def _board(app: App, scope: Scope) -> Ask:
    async def ask() -> None:
        async with app.reading(scope) as work:
            await queries.board(work, LeadFilter())

    return ask


def _by_key(app: App, scope: Scope, keys: Sequence[UUID]) -> Ask:
    chance = random.Random(1)

    async def ask() -> None:
        async with app.reading(scope) as work:
            await leads.detail(work, chance.choice(keys))

    return ask


async def _rounds(admin: psycopg.Connection, scope: Scope, everything: Sequence[Asked]) -> Found:
    """All take turns; the first three rounds only warm up."""
    found: Found = {(each.kind, each.name): Took() for each in everything}
    for place in range(-3, ROUNDS):
        for each in everything:
            started = time.perf_counter()
            await each.ours()
            between = time.perf_counter()
            if each.bare:
                values = {"organization": scope.organization_id, **each.values}
                admin.execute(each.bare, values, prepare=True).fetchall()
            ended = time.perf_counter()
            if place >= 0:
                took = found[each.kind, each.name]
                took.ours.append((between - started) * 1000)
                took.bare += [(ended - between) * 1000] if each.bare else []
    return found


def _metrics(found: Mapping[int, Found]) -> dict[str, Metric]:
    largest = found[max(found)]
    by_key = largest["by key", "lead"].ours
    metrics = {
        f"{kind}.{word}": _beside(_all(largest, kind), share, goal) | _beside_by_key(_all(largest, kind), by_key)
        for kind, word, share, goal in (
            ("list", "p99", 0.99, "<= 2x a read by key"),
            ("filter", "p99", 0.99, "<= 2x a read by key"),
            ("deep", "p99", 0.99, "<= 2x a read by key"),
            ("reach", "p95", 0.95, ""),
            ("counts", "p95", 0.95, ""),
            ("board", "load_p95", 0.95, ""),
        )
    }  # fmt: skip
    for kind in ("list", "filter", "deep", "counts", "board"):
        growth = {name: _slope(found, kind, name) for of, name in largest if of == kind}
        whole = _slope(found, kind)
        metrics[f"{kind}.growth_exponent"] = {"value": whole, "unit": "", "goal": "<= 0.05", "kinds": growth}
    sizes = {size: {" ".join(key): _figures(took) for key, took in each.items()} for size, each in found.items()}
    metrics["list.p99"] |= {"sizes": sizes, "load": round(os.getloadavg()[0], 1)}
    return metrics


def _all(found: Found, kind: str) -> Took:
    whole = Took()
    for (of, _), took in found.items():
        if of == kind:
            whole.ours += took.ours
            whole.bare += took.bare
    return whole


def _beside(took: Took, share: float, goal: str) -> Metric:
    value = percentile(took.ours, share)
    metric: Metric = {"value": round(value, 2), "unit": "ms", "goal": goal, "p50": round(median(took.ours), 2)}
    if took.bare:
        bare = percentile(took.bare, share)
        metric |= {"baseline": round(bare, 2), "ratio": round(value / bare, 2)}
    return metric


def _beside_by_key(took: Took, by_key: Sequence[float]) -> Metric:
    """The goals of a list are set beside a read by key: so much of its throughput, so many times its slowest."""
    throughput = (sum(by_key) / len(by_key)) / (sum(took.ours) / len(took.ours))
    slowest = percentile(took.ours, 0.99) / percentile(by_key, 0.99)
    return {"by_key": {"throughput": round(throughput, 3), "p99": round(slowest, 2)}}


def _figures(took: Took) -> Metric:
    figures: Metric = {f"p{round(share * 100)}": round(percentile(took.ours, share), 2) for share in (0.5, 0.95, 0.99)}
    return figures | ({"bare_p50": round(median(took.bare), 2)} if took.bare else {})


def _slope(found: Mapping[int, Found], kind: str, name: str = "") -> float:
    """Of the medians; a whole kind's is the mean of its questions' medians."""
    points = {}
    for size, each in found.items():
        medians = [median(took.ours) for (of, asked), took in each.items() if of == kind and name in ("", asked)]
        points[size] = sum(medians) / len(medians)
    return slope(points)
