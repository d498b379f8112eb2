"""What it costs to see a part of the leads: lists and counts of a manager's subtree beside those of everything.

A tree of four levels with 64 teams and 200 people who own 100,000 leads. Asked in the same rounds: by an owner, by the
manager of a top-level team (a quarter of everything), by the lead of a team at the bottom and by a rep for their own;
and bare SQL for the same page and counts without walls, use cases or reach. The ratio is the subtree's time through
everything's; the goal bounds the manager's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID

import psycopg

from bench._product import leads_wanted, settle
from bench._stand import SOURCES, Metric, Stand, application, fill, organization, stand
from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from leadflow.kernel.reach import Extent, Place, Reach, reach_of, subtree
from leadflow.kernel.scope import Scope
from leadflow.tenancy.permissions import REACHING
from leadflow.views import queries
from leadflow.views.rules import LeadFilter, Sort

PEOPLE, BRANCHES, ROUNDS = 200, (4, 3, 2, 1), 7
PAGES: tuple[tuple[LeadFilter, Sort], ...] = (
    (LeadFilter(), Sort.SCORE_DESC),
    (LeadFilter(), Sort.CAPTURED_DESC),
    (LeadFilter(), Sort.NAME),
    (LeadFilter(), Sort.VALUE_DESC),
    (LeadFilter(stage=("new", "contacted")), Sort.SCORE_DESC),
    (LeadFilter(band=("hot", "warm")), Sort.SCORE_DESC),
    (LeadFilter(source=(SOURCES[0],)), Sort.SCORE_DESC),
    (LeadFilter(captured="7d"), Sort.CAPTURED_DESC),
    (LeadFilter(q="person number777"), Sort.SCORE_DESC),
    (LeadFilter(q="company 42"), Sort.NAME),
)
BARE_PAGE = """
    SELECT l.*, (SELECT count(*) FROM (SELECT 1 FROM lead c WHERE c.organization_id = %(o)s LIMIT 5001) n)
    FROM lead l WHERE l.organization_id = %(o)s ORDER BY l.score DESC, l.id DESC LIMIT 51
"""
BARE_COUNTS = """
    SELECT stage, count(*), sum(value), avg(score) FROM lead WHERE organization_id = %(o)s GROUP BY stage
"""


@dataclass(frozen=True)
class Tree:
    parents: dict[UUID, UUID | None]
    levels: list[list[UUID]]
    people: list[tuple[UUID, UUID]]
    """Somebody, and their team."""


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        scope, _ = await organization(app)
        await fill(app, scope, leads_wanted())
        tree = _planted(where, scope)
        settle(where)
        top, bottom = tree.levels[0][0], tree.levels[-1][0]
        person, team = tree.people[0]
        reaches = {
            "all": reach_of(Extent.ALL, Place(person)),
            "subtree": _below(top, tree),
            "team": Reach(frozenset({bottom})),
            "own": reach_of(Extent.OWN, Place(person, team)),
        }
        scopes = {name: replace(scope, reaches=dict.fromkeys(REACHING, reach)) for name, reach in reaches.items()}
        pages = await _rounds(lambda within: _pages(app, within), scopes)
        counts = await _rounds(lambda within: _counts(app, within), scopes)
    bare = _bare(where, scope)
    return {"reach.list_ratio": _metric(pages, counts, bare)}


def _below(team: UUID, tree: Tree) -> Reach:
    return Reach(frozenset(subtree(team, tree.parents)))


async def _rounds(ask: Callable[[Scope], Awaitable[None]], scopes: dict[str, Scope]) -> dict[str, list[float]]:
    """Milliseconds per round for each of the scopes, which take turns; the first round only warms up."""
    took: dict[str, list[float]] = {name: [] for name in scopes}
    for _ in range(ROUNDS + 1):
        for name, within in scopes.items():
            started = time.perf_counter()
            await ask(within)
            took[name].append((time.perf_counter() - started) * 1000)
    return {name: each[1:] for name, each in took.items()}


async def _pages(app: App, scope: Scope) -> None:
    for lead_filter, sort in PAGES:
        async with app.reading(scope) as work:
            await queries.page(work, lead_filter, sort, None, 50)


async def _counts(app: App, scope: Scope) -> None:
    for lead_filter in (LeadFilter(), LeadFilter(band=("hot", "warm"))):
        async with app.reading(scope) as work:
            await queries.counts(work, lead_filter)


def _metric(pages: dict[str, list[float]], counts: dict[str, list[float]], bare: tuple[float, float]) -> Metric:
    def ms(name: str) -> float:
        return median(pages[name]) + median(counts[name])

    def ratio(name: str) -> float:
        return round(ms(name) / ms("all"), 3)

    return {
        "value": ratio("subtree"),
        "unit": "x",
        "ratio": ratio("subtree"),
        "ms": {name: round(ms(name), 2) for name in pages},
        "goal": "<= 1.3x",
        "team": ratio("team"),
        "own": ratio("own"),
        "page_ms": {name: round(median(took) / len(PAGES), 2) for name, took in pages.items()},
        "counts_ms": {name: round(median(took) / 2, 2) for name, took in counts.items()},
        "bare_page_ms": round(bare[0], 2),
        "bare_counts_ms": round(bare[1], 2),
        "leads": leads_wanted(),
        "people": PEOPLE,
        "levels": len(BRANCHES),
    }


def _bare(where: Stand, scope: Scope) -> tuple[float, float]:
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        found = []
        for statement in (BARE_PAGE, BARE_COUNTS):
            took = []
            for _ in range(ROUNDS * 3):
                started = time.perf_counter()
                admin.execute(statement, {"o": scope.organization_id}, prepare=True).fetchall()
                took.append((time.perf_counter() - started) * 1000)
            found.append(median(took))
        return found[0], found[1]


def _planted(where: Stand, scope: Scope) -> Tree:
    """The tree, its people, and their leads; the database itself gives each lead its owner's team."""
    levels: list[list[UUID]] = []
    parents: dict[UUID, UUID | None] = {}
    above: list[UUID | None] = [None]
    for width in BRANCHES:
        level = []
        for parent in above:
            for _ in range(width):
                team = new_id()
                parents[team] = parent
                level.append(team)
        levels.append(level)
        above = [*level]
    teams = [team for level in levels for team in level]
    people = [(new_id(), teams[place % len(teams)]) for place in range(PEOPLE)]
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin, admin.cursor() as cursor:
        organization_id = scope.organization_id
        cursor.executemany(
            "INSERT INTO team (organization_id, id, parent_id, name) VALUES (%s, %s, %s, %s)",
            [(organization_id, team, parents[team], f"Team {place}") for place, team in enumerate(teams)],
        )
        cursor.executemany(
            "INSERT INTO account (id, email, email_norm, name) VALUES (%s, %s, %s, %s)",
            [(person, f"{person}@bench.example", f"{person}@bench.example", "Somebody") for person, _ in people],
        )
        cursor.executemany(
            "INSERT INTO membership (organization_id, account_id, role, team_id) VALUES (%s, %s, 'rep', %s)",
            [(organization_id, person, team) for person, team in people],
        )
        cursor.execute(
            """UPDATE lead SET owner_id = (%s::uuid[])[1 + abs(hashtext(id::text)) %% %s] WHERE organization_id = %s""",
            ([person for person, _ in people], len(people), organization_id),
        )
    return Tree(parents, levels, people)
