"""Ten thousand leads, several workers, several organizations: none assigned twice, none lost, all fairly."""

import asyncio
from collections import Counter
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.routing.models import EVERYBODY
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member, found_company
from tests.fixtures.installation import fold, projectors
from tests.routing.desk import ROUTING

LEADS, COMPANIES, WORKERS, AT_ONCE = 10_000, 4, 4, 250


async def comes_in(app: App, owner: Member, done: asyncio.Event) -> None:
    for first in range(0, LEADS // COMPANIES, AT_ONCE):
        async with app.work(owner) as work:
            await leads.capture_valid(work, [CaptureLead(name=f"Lead {first + place}") for place in range(AT_ONCE)])
    done.set()


async def works(app: App, companies: list[UUID], done: list[asyncio.Event]) -> None:
    """One worker: serves whichever organization it finds, as long as something comes in."""
    (projector,) = projectors(app, ROUTING)
    while not all(each.is_set() for each in done):
        for company in companies:
            await projector.catch_up(company)
        await asyncio.sleep(0.01)


async def asked(app: App, company: UUID, question: str) -> list[tuple[object, ...]]:
    async with app.work(system_scope(company)) as work:
        return [tuple(row) for row in await work.session.execute(text(question), {"rule": EVERYBODY})]


async def test_several_workers_lose_nothing_and_assign_nothing_twice(app: App) -> None:
    people = (("Ada", Role.OWNER), ("Ben", Role.REP), ("Bea", Role.REP), ("Bob", Role.REP))
    owners = [(await found_company(app, f"Together{number}", *people))[0] for number in range(COMPANIES)]
    companies = [owner.organization_id for owner in owners]
    done = [asyncio.Event() for _ in owners]
    await asyncio.gather(
        *(comes_in(app, owner, each) for owner, each in zip(owners, done, strict=True)),
        *(works(app, companies, done) for _ in range(WORKERS)),
    )
    for company in companies:
        await fold(app, company, ROUTING)
        owned = Counter(owner for (owner,) in await asked(app, company, "SELECT owner_id FROM lead"))
        assert owned.total() == LEADS // COMPANIES
        assert None not in owned
        assert max(owned.values()) - min(owned.values()) <= 1
        told = "SELECT lead_id, count(*) FROM event WHERE kind = 'lead.assigned' GROUP BY lead_id"
        assert {count for _, count in await asked(app, company, told)} == {1}
        unproven = """
            SELECT l.id FROM lead l LEFT JOIN assignment a ON a.lead_id = l.id AND a.chosen = l.owner_id
            GROUP BY l.id HAVING count(a.id) <> 1
        """
        assert await asked(app, company, unproven) == []
        ledger = "SELECT account_id, given FROM assignment_standing WHERE rule_id = :rule"
        assert dict(await asked(app, company, ledger)) == owned
