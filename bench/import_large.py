"""Import of a million new leads (2 % bad lines, 5 % in the file twice), and of the same file again, which changes none.

Both run in a process of their own, as in a worker, whose memory is measured; meanwhile another organization's lists
are asked for, as before it. Baseline, in turn with them: a superuser's raw COPY of as many ready rows into the same
table with the same indexes.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from bench._import import copy_in, copy_lines, people, spoiled
from bench._planted import planted
from bench._product import settle
from bench._stand import Metric, Stand, application, beside, organization, percentile, stand
from leadflow.bootstrap import App
from leadflow.cli.installation import environment_of
from leadflow.intake import importing
from leadflow.kernel.scope import Scope
from leadflow.views import queries
from leadflow.views.rules import LeadFilter, Sort

ROWS = int(os.environ.get("LEADFLOW_BENCH_IMPORT_ROWS", "1000000"))
ROUNDS = int(os.environ.get("LEADFLOW_BENCH_IMPORT_ROUNDS", "2"))
OTHERS = int(os.environ.get("LEADFLOW_BENCH_IMPORT_OTHERS", "100000"))
BLOCK = 50_000
SORTS = (Sort.SCORE_DESC, Sort.CAPTURED_DESC, Sort.NAME, Sort.VALUE_DESC)
PAUSE_S = 0.01
QUIET_S = 5.0


@dataclass
class Figures:
    """What the rounds gave: rows a second, megabytes, and milliseconds of others' lists."""

    raw: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)
    merged: list[float] = field(default_factory=list)
    new_mb: list[float] = field(default_factory=list)
    merged_mb: list[float] = field(default_factory=list)
    before_mb: list[float] = field(default_factory=list)
    quiet_ms: list[float] = field(default_factory=list)
    meanwhile_ms: list[float] = field(default_factory=list)


def run() -> dict[str, Metric]:
    with stand() as where, tempfile.TemporaryDirectory(prefix="leadflow-bench-") as folder:
        return asyncio.run(_measure(where, Path(folder)))


async def _measure(where: Stand, folder: Path) -> dict[str, Metric]:
    figures = Figures()
    async with application(where) as app:
        others = await planted(app, OTHERS)
        for turn in range(ROUNDS):
            ours, _ = await organization(app)
            settle(where)
            figures.quiet_ms += await _lists(app, others, asyncio.create_task(asyncio.sleep(QUIET_S)))
            figures.raw.append(await _raw(app, where, turn))
            file = _written(folder / f"{turn}.csv", turn)
            for rates, most_mb in ((figures.new, figures.new_mb), (figures.merged, figures.merged_mb)):
                rates.append(await _imported(app, where, ours, file, others, figures, most_mb))
            file.unlink()
    return _metrics(figures)


def _metrics(figures: Figures) -> dict[str, Metric]:
    quiet, meanwhile = (percentile(each, 0.99) for each in (figures.quiet_ms, figures.meanwhile_ms))
    return {
        "import.new_rows_per_s_1m": beside("rows/s", figures.new, figures.raw, ">= 0.75x")
        | {"rows": ROWS, "seconds": round(ROWS / max(figures.new), 1), "load": round(os.getloadavg()[0], 1)},
        "import.merge_rows_per_s": beside("rows/s", figures.merged, figures.raw, ">= 0.45x") | {"rows": ROWS},
        "import.rss_mb": {
            "value": round(max(figures.new_mb + figures.merged_mb), 1),
            "unit": "MB",
            "goal": "<= 200",
            "baseline": round(max(figures.before_mb), 1),
            "ratio": round(max(figures.new_mb + figures.merged_mb) / max(figures.before_mb), 3),
            "new": round(max(figures.new_mb), 1),
            "merged": round(max(figures.merged_mb), 1),
        },
        "import.others_list_p99": {
            "value": round(meanwhile, 2),
            "unit": "ms",
            "goal": "<= 2x",
            "baseline": round(quiet, 2),
            "ratio": round(meanwhile / quiet, 2),
            "asked": len(figures.meanwhile_ms),
        },
    }


def _blocks(turn: int) -> list[tuple[int, int]]:
    """Where each block of the file starts, and a seed of its own."""
    return [(start, turn * 10_000 + start // BLOCK) for start in range(0, ROWS, BLOCK)]


def _written(path: Path, turn: int) -> Path:
    with path.open("wb") as file:
        for start, seed in _blocks(turn):
            rows = people(min(BLOCK, ROWS - start), seed, start)
            file.write(spoiled(rows, seed, has_header=start == 0))
    return path


async def _raw(app: App, where: Stand, turn: int) -> float:
    """Rows a second of a raw COPY; only the time in which the database has the rows counts, not that of making them."""
    scope, _ = await organization(app)
    blocks = [
        copy_lines(scope, people(min(BLOCK, ROWS - start), seed, start)) for start, seed in _blocks(turn + ROUNDS)
    ]
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        started = time.perf_counter()
        copy_in(admin, blocks)
        return ROWS / (time.perf_counter() - started)


async def _imported(
    app: App, where: Stand, scope: Scope, file: Path, others: Scope, figures: Figures, most_mb: list[float]
) -> float:
    """Rows a second of the import's job, from the stored file to its last commit."""
    found = await importing.upload(app, scope, _body(file), filename="leads.csv")
    async with app.work(scope) as work:
        await importing.commit(work, found.id, found.suggested)
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
    working = asyncio.create_task(_in_a_process(where, scope, found.id))
    figures.meanwhile_ms += await _lists(app, others, working)
    told = await working
    async with app.work(scope) as work:
        ended = await importing.progress_of(work, found.id)
    assert (ended["status"], ended["rows_done"]) == ("done", ROWS), ended
    most_mb.append(told["most_mb"])
    figures.before_mb.append(told["before_mb"])
    return ROWS / told["seconds"]


async def _in_a_process(where: Stand, scope: Scope, import_id: UUID) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench._importer", str(scope.organization_id), str(import_id),
        env={**os.environ, **environment_of(where.settings)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode == 0
    found: dict[str, float] = json.loads(told)
    return found


async def _lists(app: App, scope: Scope, until: "asyncio.Task[object]") -> list[float]:
    """Milliseconds of each of the lists that somebody looks at until something has ended."""
    took: list[float] = []
    while not until.done():
        started = time.perf_counter()
        async with app.reading(scope) as work:
            await queries.page(work, LeadFilter(), SORTS[len(took) % len(SORTS)], None, 50)
        took.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSE_S)
    return took


async def _body(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while piece := content.read(65_536):
            yield piece
