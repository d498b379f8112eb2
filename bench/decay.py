"""A week passes, in which nothing happens: what is written because of it.

Everything that leads did has half as much weight then (pages and pricing less), so nearly every score would be another
if it were asked for. Counted are rows of leads, of scores and of the log that are new or were written again, other than
those of leads that leave their band: their scores are told anew, and everybody may see it.
"""

import asyncio
import random
from datetime import timedelta

import psycopg

from bench._stand import Metric, Stand, application, behave, catch_up, fill, organization, stand
from leadflow.kernel.clock import FixedClock
from leadflow.scoring import cooling
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope

LEADS, EVENTS = 10_000, 20_000
KINDS = ("page_viewed", "email_opened", "pricing_visited", "email_clicked", "form_submitted", "demo_requested")
_WRITTEN = """
    SELECT count(*) FILTER (WHERE NOT is_told) AS others, count(DISTINCT lead) FILTER (WHERE is_told) AS told FROM (
        SELECT w.lead, EXISTS (
            SELECT 1 FROM event e WHERE e.lead_id = w.lead AND e.kind = 'lead.scored'
              AND e.data ->> 'because' = 'band.cooled') AS is_told
        FROM (
            SELECT id AS lead FROM lead WHERE xmin::text::bigint >= %(xid)s
            UNION ALL SELECT lead_id FROM lead_score WHERE xmin::text::bigint >= %(xid)s
            UNION ALL SELECT lead_id FROM event WHERE lead_id IS NOT NULL AND xmin::text::bigint >= %(xid)s
        ) w
    ) written
"""


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    chance = random.Random(3)
    async with application(where) as app:
        scope, _ = await organization(app)
        ids = await fill(app, scope, LEADS)
        await behave(app, scope, KINDS, ids, EVENTS, chance)
        await catch_up(app, scope.organization_id)
        with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
            xid = admin.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
            assert xid
            app.database.clock = FixedClock(app.database.clock.now() + timedelta(days=7))
            await cooling.run(app, system_scope(scope.organization_id), signer("bench" * 8))
            await catch_up(app, scope.organization_id)
            found = admin.execute(_WRITTEN, {"xid": xid[0]}).fetchone()
            assert found
    return {
        "scoring.decay_rows_written": {
            "value": found[0],
            "unit": "rows",
            "goal": "0 rows",
            "leads": LEADS,
            "left_their_band": found[1],
        }
    }
