"""Import of new leads from a CSV file with 2 % bad lines and 5 % duplicates, from the stored file to the last commit.

Parsed, validated, resolved; leads, identities, events, rejects and enrichment jobs written. The words to search by are
noted in the same transactions and indexed by a job of their own; the second metric is the same import with that job
running beside it, until the last lead can be found. Baseline of both: a superuser's raw COPY of as many ready rows into
the same table with the same indexes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from bench._import import Person, copy_in, copy_lines, people, run_to_end, spoiled
from bench._stand import Metric, Stand, analyze, application, beside, organization, stand
from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.kernel.scope import Scope
from leadflow.leads import bulk

ROWS, ROUNDS = 100_000, 5
RunToEnd = Callable[[App, Scope, importing.Description], Awaitable[None]]


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    ours, raw = Rates(), Rates()
    async with application(where) as app:
        for turn in range(ROUNDS + 1):
            rows = people(ROWS, turn)
            for rates, run in ((ours.new, run_to_end), (ours.searchable, _run_and_index)):
                bare = await _copied(app, where, rows)
                own = await _imported(app, where, spoiled(rows, turn), run)
                if turn:
                    rates.append(own)
                    (raw.new if rates is ours.new else raw.searchable).append(bare)
            if not turn:
                analyze(where)
    return {
        "import.new_rows_per_s": beside("rows/s", ours.new, raw.new, ">= 0.5x"),
        "import.searchable_rows_per_s": beside("rows/s", ours.searchable, raw.searchable, ">= 0.3x"),
    }


@dataclass(frozen=True)
class Rates:
    """Rows a second, a figure per round."""

    new: list[float] = field(default_factory=list)
    searchable: list[float] = field(default_factory=list)


async def _copied(app: App, where: Stand, rows: list[Person]) -> float:
    """Rows a second of a raw COPY into `lead`."""
    scope, _ = await organization(app)
    copied = copy_lines(scope, rows)
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        started = time.perf_counter()
        copy_in(admin, [copied])
        return len(rows) / (time.perf_counter() - started)


async def _imported(app: App, where: Stand, content: bytes, run: RunToEnd) -> float:
    """Rows a second of the import job, from a stored file to its last commit."""
    scope, _ = await organization(app)
    found = await importing.upload(app, scope, _body(content), filename="leads.csv")
    async with app.work(scope) as work:
        await importing.commit(work, found.id, found.suggested)
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    started = time.perf_counter()
    await run(app, scope, found)
    seconds = time.perf_counter() - started
    async with app.work(scope) as work:
        ended = await importing.progress_of(work, found.id)
    assert ended["status"] == "done", ended
    assert ended["rows_done"] == found.rows == ROWS, ended
    return ROWS / seconds


async def _run_and_index(app: App, scope: Scope, found: importing.Description) -> None:
    is_over = asyncio.Event()

    async def index() -> None:
        while not is_over.is_set():
            await _index(app, scope)
            await asyncio.sleep(0.02)
        await _index(app, scope)

    indexing = asyncio.create_task(index())
    await run_to_end(app, scope, found)
    is_over.set()
    await indexing


async def _index(app: App, scope: Scope) -> None:
    """What the indexing job does."""
    is_more = True
    while is_more:
        async with app.work(scope) as work:
            is_more = await bulk.index_backlog(work)


async def _body(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]
