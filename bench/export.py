"""Leads as a CSV file: 1,000,000 of one organization, through the use case with walls, reach and formula safety on.

Beside it, in the same rounds, a bare `COPY (SELECT …) TO STDOUT` of the same columns in the same order, read by the
same driver without walls, names of stages and owners, time zones or neutral cells. `rss_mb` is how much this process
grew while it exported; lines are thrown away as they come.
"""

import asyncio
import os
import time

import psutil
import psycopg

from bench._stand import Metric, Stand, analyze, application, beside, organization, stand
from leadflow.bootstrap import App
from leadflow.intake import exporting
from leadflow.intake.exporting import COLUMNS, ExportLeads, Format
from leadflow.kernel.scope import Scope
from leadflow.views.rules import LeadFilter

LEADS = int(os.environ.get("LEADFLOW_BENCH_EXPORT_LEADS", "1000000"))
ROUNDS = 3
INTO = """
    INSERT INTO lead (organization_id, id, name, email, phone, company, title, domain, country, source, value, currency,
                      custom, captured_at, stage_at, score, reason)
    SELECT %(organization)s, gen_random_uuid(), 'Person Number' || n, 'person' || n || '@company.example',
           '+4930' || lpad(n::text, 8, '0'), 'Company ' || n %% 997, 'VP Sales', 'company.example', 'DE', 'google ads',
           n::bigint * 7919 %% 5000000, 'EUR', '{}', now() - n * interval '1 second', now(), n %% 100,
           'Opened pricing twice today'
    FROM generate_series(1, %(count)s) n
"""
BARE = """
    COPY (SELECT name, email, phone, company, title, country, source, stage, score, band, reason, owner_id, value,
                 currency, captured_at, stage_at, touched_at, closed_at, custom, id
          FROM lead WHERE organization_id = '{organization}' ORDER BY score DESC, id DESC) TO STDOUT (FORMAT csv)
"""


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        scope, _ = await organization(app)
        with psycopg.connect(where.admin_dsn) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(INTO, {"organization": scope.organization_id, "count": LEADS})
        analyze(where)
        ours: list[float] = []
        bare: list[float] = []
        workbook = 0.0
        process = psutil.Process()
        await _exported(app, scope, Format.CSV)  # only warms up
        before = process.memory_info().rss
        grown = 0
        for _ in range(ROUNDS):
            ours.append(await _exported(app, scope, Format.CSV))
            grown = max(grown, process.memory_info().rss - before)
            bare.append(await _bare(where, scope))
        workbook = await _exported(app, scope, Format.XLSX)
        grown_xlsx = process.memory_info().rss - before
    metric = beside("leads/s", ours, bare, ">= 0.6x")
    more = {
        "leads": LEADS,
        "columns": len(COLUMNS),
        "rss_mb": round(grown / 1e6, 1),
        "xlsx_leads_per_s": round(workbook),
        "xlsx_rss_mb": round(grown_xlsx / 1e6, 1),
    }
    return {"export.rows_per_s": {**metric, **more}}


async def _exported(app: App, scope: Scope, form: Format) -> float:
    """Leads per second, from the asking to the last byte."""
    started = time.perf_counter()
    file = await exporting.export(app, scope, ExportLeads(where=LeadFilter(), format=form))
    size = 0
    async for piece in file.pieces:
        size += len(piece)
    assert file.leads == LEADS
    assert size > LEADS
    return LEADS / (time.perf_counter() - started)


async def _bare(where: Stand, scope: Scope) -> float:
    async with await psycopg.AsyncConnection.connect(where.admin_dsn) as connection:
        started = time.perf_counter()
        count = 0
        async with connection.cursor().copy(BARE.format(organization=scope.organization_id)) as copy:  # type: ignore[arg-type]
            async for _ in copy:
                count += 1
        assert count == LEADS
        return LEADS / (time.perf_counter() - started)
