"""What an organization uses: since the month began where it is, and of nobody else's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.insight.usage import queries
from leadflow.insight.usage.queries import Usage
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from tests.fixtures.cast import Member

MONTH = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
"""In Auckland it is noon on the first of December."""


async def captured(app: App, by: Member, at: datetime) -> UUID:
    async with app.work(by) as work:
        made = await leads.capture(work, leads.CaptureLead(email=f"{uuid4().hex}@lead.example"))
        await work.session.flush()
        await work.session.execute(
            text("UPDATE lead SET captured_at = :at WHERE id = :id"), {"at": at, "id": made.lead_id}
        )
    return made.lead_id


async def used(app: App, by: Member) -> Usage:
    async with app.work(by) as work:
        return await queries.usage(work)


@pytest.mark.parametrize(
    ("zone", "began", "expected"),
    [("UTC", datetime(2026, 11, 1, tzinfo=UTC), 2), ("Pacific/Auckland", datetime(2026, 11, 30, 11, tzinfo=UTC), 1)],
)
async def test_a_month_begins_where_the_organization_is(
    app: App, ada: Member, monkeypatch: pytest.MonkeyPatch, zone: str, began: datetime, expected: int
) -> None:
    for at in (MONTH - timedelta(hours=1), MONTH - timedelta(days=10), MONTH - timedelta(days=40)):
        await captured(app, ada, at)
    async with app.work(ada) as work:
        await work.session.execute(text("UPDATE organization SET time_zone = :zone"), {"zone": zone})
    monkeypatch.setattr(app.database, "clock", FixedClock(MONTH))
    found = await used(app, ada)
    assert (found.since, found.leads) == (began, expected)


async def test_counting_stops_where_it_would_be_late(app: App, ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await captured(app, ada, app.clock.now())
    monkeypatch.setattr(queries, "MOST", 2)
    found = await used(app, ada)
    assert (found.leads, found.events) == (2, 2)


async def test_mallorys_numbers_are_her_own_and_a_rep_gets_none(
    app: App, ada: Member, ben: Member, mallory: Member
) -> None:
    await captured(app, ada, app.clock.now())
    found = await used(app, mallory)
    assert (found.leads, found.seats.used) == (0, 1)
    with pytest.raises(Forbidden):
        await used(app, ben)
