"""Sixty-one leads that share names, scores, values and times."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead
from leadflow.views import queries
from leadflow.views.queries import Page
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Member

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


NAMES = ("Ada", "ada", "Ädä", "Weiß", "100%", "a_b", "back\\slash", "", "Zoë", "ada")


SOURCES = ("website", "fair", "partner")


STAGES = ("new", "contacted", "qualified", "proposal", "won", "lost")


BANDS = ("hot", "warm", "cold")


MANY = 61


async def fill(app: App, scope: Scope, owner: Member | None) -> None:
    commands = [
        CaptureLead(
            name=NAMES[number % len(NAMES)] or "",
            email=f"p{number}@{'acme' if number % 2 else 'globex'}.example",
            company=("Acme", "Globex", "")[number % 3],
            source=SOURCES[number % 3],
            value=(0, 100_00, 100_00, 5_00)[number % 4],
            occurred_at=NOW - timedelta(days=number % 40, microseconds=number % 3),
        )
        for number in range(MANY)
    ]
    async with app.work(scope) as work:
        captured = await leads.capture_valid(work, commands)
    async with app.work(scope) as work:
        for number, each in enumerate(captured):
            await work.session.execute(
                text("UPDATE lead SET score = :score, band = :band, stage = :stage, owner_id = :owner WHERE id = :id"),
                {
                    "id": each.lead_id,
                    "score": number % 7 * 15,
                    "band": BANDS[number % 3],
                    "stage": STAGES[number % 6],
                    "owner": owner.actor.id if owner and number % 5 == 0 else None,
                },
            )


async def page(
    app: App, scope: Scope, sort: Sort = Sort.NAME, cursor: str | None = None, limit: int = 200, **wanted: Any
) -> Page:
    async with app.work(scope) as work:
        return await queries.page(work, LeadFilter(**wanted), sort, cursor, limit)


async def pages(app: App, scope: Scope, sort: Sort, limit: int, **wanted: Any) -> list[dict[str, Any]]:
    """Every row, page after page."""
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        found = await page(app, scope, sort, cursor, limit, **wanted)
        assert len(found.items) <= limit
        rows += found.items
        cursor = found.next_cursor
        if cursor is None:
            return rows
        assert len(found.items) == limit


async def rows(app: App, scope: Scope, **wanted: Any) -> list[dict[str, Any]]:
    return (await page(app, scope, **wanted)).items
