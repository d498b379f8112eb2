"""What happens to tasks when a lead goes to somebody else, or somebody leaves."""

from uuid import UUID

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.scope import Scope
from leadflow.leads import UpdateLead
from leadflow.onboarding.joining import offboard
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import as_superuser, fold
from tests.tasks.desk import add, listed, me, said
from tests.tasks.test_service import do


async def give(app: App, scope: Scope, lead: UUID, to: Member | None) -> None:
    async with app.work(scope) as work:
        await leads.update(work, lead, UpdateLead(owner=to.actor.id if to else None))


async def follow(app: App, floor: Floor) -> None:
    await fold(app, floor.ada.organization_id, "tasks")


@pytest.fixture
async def lead(office: App, clock: FixedClock, floor: Floor) -> UUID:
    lead = await given_to(office, floor, floor.ben, "Grace")
    await follow(office, floor)
    return lead


async def test_open_tasks_of_the_former_owner_go_with_the_lead(office: App, floor: Floor, lead: UUID) -> None:
    task = await add(office, floor.ben, "Call", lead=lead)
    await do(office, floor.ben, "complete", await add(office, floor.ben, "Done", lead=lead))
    await add(office, floor.ben, "Own")
    await add(office, floor.cleo, "Help", lead=lead)
    await give(office, floor.ada, lead, floor.nora)
    await follow(office, floor)
    assert await listed(office, floor.nora, assignee=me(floor.nora)) == ["Call"]
    assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Own"]
    assert await listed(office, floor.cleo, assignee=me(floor.cleo)) == ["Help"]
    last = (await said(office, floor.ben, task))[-1]
    assert (last.kind, last.lead_id, last.data["how"]) == ("task.changed", lead, "with the lead")
    assert (last.data["was_assignee"], last.data["assignee"]) == (str(me(floor.ben)), str(me(floor.nora)))


async def test_through_several_hands_in_one_go_they_end_with_the_last(office: App, floor: Floor, lead: UUID) -> None:
    await add(office, floor.ben, "Call", lead=lead)
    for owner in (floor.nora, floor.ole, floor.cleo):
        await give(office, floor.ada, lead, owner)
    await follow(office, floor)
    assert await listed(office, floor.cleo, assignee=me(floor.cleo)) == ["Call"]


async def test_a_lead_that_is_nobodys_leaves_its_tasks_where_they_are(office: App, floor: Floor, lead: UUID) -> None:
    await add(office, floor.ben, "Call", lead=lead)
    await give(office, floor.ada, lead, None)
    await follow(office, floor)
    assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Call"]


@pytest.mark.parametrize("is_released_first", [False, True])
async def test_who_leaves_hands_over_what_is_to_be_done_about_their_leads(
    office: App, floor: Floor, lead: UUID, is_released_first: bool
) -> None:
    await add(office, floor.ben, "Call", lead=lead)
    await add(office, floor.ben, "Own")
    await offboard(office, floor.ada, me(floor.ben), None if is_released_first else me(floor.nora))
    await follow(office, floor)
    if is_released_first:
        await give(office, floor.ada, lead, floor.nora)
        await follow(office, floor)
    assert await listed(office, floor.nora, assignee=me(floor.nora)) == ["Call"]
    assert await listed(office, floor.cleo, assignee=me(floor.ben)) == ["Own"]


async def test_read_again_nothing_changes(office: App, floor: Floor, lead: UUID) -> None:
    task = await add(office, floor.ben, "Call", lead=lead)
    await give(office, floor.ada, lead, floor.nora)
    await follow(office, floor)
    await follow(office, floor)
    assert [event.kind for event in await said(office, floor.ben, task)] == ["task.created", "task.changed"]


async def test_with_a_lead_its_tasks_are_deleted(office: App, floor: Floor, lead: UUID) -> None:
    await add(office, floor.ben, "Call", lead=lead)
    await add(office, floor.ben, "Own")
    with as_superuser(office.settings) as admin:
        admin.execute("DELETE FROM lead WHERE id = %s", [lead])
    assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Own"]
