"""Routing on the log: a captured lead goes to the next rep, once, and the timeline says to whom."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead, UpdateLead
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold, is_unread, projectors
from tests.fixtures.patience import eventually

ROUTING = "routing"


@dataclass(frozen=True, slots=True)
class Assignment:
    lead: UUID
    data: dict[str, Any]
    occurred_at: datetime
    actor_kind: str


async def capture(app: App, scope: Member, number: int) -> list[UUID]:
    async with app.work(scope) as work:
        captured = await leads.capture_valid(work, [CaptureLead(name=f"Lead {place}") for place in range(number)])
    return [each.lead_id for each in captured]


async def owners(app: App, organization_id: UUID, lead_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    async with app.work(system_scope(organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT id, owner_id FROM lead WHERE id = ANY(:ids)"), {"ids": list(lead_ids)}
        )
        return {row.id: row.owner_id for row in rows}


async def assignments(app: App, organization_id: UUID) -> list[Assignment]:
    async with app.work(system_scope(organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT lead_id, data, occurred_at, actor_kind FROM event WHERE kind = 'lead.assigned' ORDER BY seq")
        )
        return [Assignment(*row) for row in rows]


@pytest.fixture
async def team(app: App) -> list[Member]:
    """Ada owns it; Ben, Bea and Bob sell."""
    return await cast.found_company(
        app, "Northwind", ("Ada", Role.OWNER), ("Ben", Role.REP), ("Bea", Role.REP), ("Bob", Role.REP)
    )


async def test_new_leads_go_to_the_reps_and_to_nobody_else_in_equal_shares(app: App, team: list[Member]) -> None:
    ada, *reps = team
    for number in (4, 1, 5):
        fresh = await capture(app, ada, number)
        await fold(app, ada.organization_id, ROUTING)
        assert None not in (await owners(app, ada.organization_id, fresh)).values()
    shares = Counter(each.data["to"] for each in await assignments(app, ada.organization_id))
    assert set(shares) == {str(rep.actor.id) for rep in reps}
    assert sorted(shares.values()) == [3, 3, 4]


async def test_the_timeline_says_who_took_it_how_and_when(app: App, ada: Member, ben: Member) -> None:
    (lead,) = await capture(app, ada, 1)
    await fold(app, ada.organization_id, ROUTING)
    (assigned,) = await assignments(app, ada.organization_id)
    assert assigned.lead == lead
    assert assigned.data == {
        "from": None,
        "to": str(ben.actor.id),
        "name": "Ben",
        "rule": "Everybody in turn",
        "how": "round robin",
    }
    assert assigned.actor_kind == "system"
    async with app.work(ada) as work:
        captured_at = await work.session.execute(text("SELECT captured_at FROM lead WHERE id = :id"), {"id": lead})
        assert assigned.occurred_at == captured_at.scalar_one()


async def test_a_lead_that_somebody_has_taken_stays_theirs(app: App, ada: Member, cleo: Member, ben: Member) -> None:
    taken, free = await capture(app, ada, 2)
    async with app.work(cleo) as work:
        await leads.update(work, taken, UpdateLead(owner=cleo.actor.id))
    await fold(app, ada.organization_id, ROUTING)
    assert await owners(app, ada.organization_id, [taken, free]) == {taken: cleo.actor.id, free: ben.actor.id}
    assert [each.lead for each in await assignments(app, ada.organization_id) if "name" in each.data] == [free]


async def test_with_nobody_to_take_them_they_stay_for_a_manager_to_see(app: App) -> None:
    (ada,) = await cast.found_company(app, "Northwind", ("Ada", Role.OWNER))
    fresh = await capture(app, ada, 2)
    await fold(app, ada.organization_id, ROUTING)
    assert set((await owners(app, ada.organization_id, fresh)).values()) == {None}
    assert await assignments(app, ada.organization_id) == []


async def test_somebody_new_is_not_buried_under_what_they_missed(app: App, team: list[Member]) -> None:
    ada = team[0]
    await capture(app, ada, 30)
    await fold(app, ada.organization_id, ROUTING)
    (stranger,) = await cast.found_company(app, "Elsewhere", ("Nia", Role.OWNER))
    assert stranger.actor.id
    async with app.work(system_scope(ada.organization_id)) as work:
        await tenancy.add_member(work, stranger.actor.id, Role.REP)
    fresh = await capture(app, ada, 8)
    await fold(app, ada.organization_id, ROUTING)
    shares = Counter((await owners(app, ada.organization_id, fresh)).values())
    assert shares[stranger.actor.id] == 2


async def test_two_workers_at_once_assign_nothing_twice(app: App, team: list[Member]) -> None:
    ada = team[0]
    fresh = [lead for _ in range(6) for lead in await capture(app, ada, 5)]

    async def everything_is_read() -> bool:
        await asyncio.gather(*(projectors(app, ROUTING)[0].catch_up(ada.organization_id) for _ in range(4)))
        return not await is_unread(app, ada.organization_id, [ROUTING])

    await eventually(everything_is_read)
    told = await assignments(app, ada.organization_id)
    assert sorted(each.lead for each in told) == sorted(fresh)
    assert {each.lead: UUID(each.data["to"]) for each in told} == await owners(app, ada.organization_id, fresh)
    assert sorted(Counter(each.data["to"] for each in told).values()) == [10, 10, 10]


async def test_reading_the_same_events_again_assigns_nothing(app: App, team: list[Member]) -> None:
    ada = team[0]
    fresh = await capture(app, ada, 3)
    await fold(app, ada.organization_id, ROUTING)
    before = await owners(app, ada.organization_id, fresh)
    async with app.work(system_scope(ada.organization_id)) as work:
        await work.session.execute(text("DELETE FROM projection_cursor WHERE projection = :name"), {"name": ROUTING})
    await fold(app, ada.organization_id, ROUTING)
    assert await owners(app, ada.organization_id, fresh) == before
    assert len(await assignments(app, ada.organization_id)) == 3


async def test_mallory_neither_gets_northwinds_leads_nor_loses_hers(app: App, mallory: Member, ben: Member) -> None:
    (hers,) = await capture(app, mallory, 1)
    (ours,) = await capture(app, ben, 1)
    await fold(app, ben.organization_id, ROUTING)
    await fold(app, mallory.organization_id, ROUTING)
    assert await owners(app, ben.organization_id, [ours, hers]) == {ours: ben.actor.id}
    assert await owners(app, mallory.organization_id, [ours, hers]) == {hers: None}
    assert await assignments(app, mallory.organization_id) == []
