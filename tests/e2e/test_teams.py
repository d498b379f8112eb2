"""Teams on screen: a lead that changes teams changes boards, and people whose rights change are shown what is theirs."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember
from tests.e2e.people import card, is_live
from tests.fixtures.floor import Floor, given_to, sales_floor

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def floor(app: App) -> Floor:
    return await sales_floor(app)


async def test_a_lead_that_is_given_to_another_team_leaves_one_board_and_enters_the_other(
    app: App, log_in: LogIn, floor: Floor
) -> None:
    lead = await given_to(app, floor, floor.nora, "Grace")
    hers, his = await log_in(floor.nora), await log_in(floor.ben)
    for page in (hers, his):
        await is_live(page)
    await expect(card(hers, "Grace")).to_be_visible()
    await expect(card(his, "Grace")).to_have_count(0)
    async with app.work(floor.ada) as work:
        await leads.update(work, lead, UpdateLead(owner=floor.ben.actor.id))
    await expect(card(his, "Grace")).to_be_visible()
    await expect(card(hers, "Grace")).to_have_count(0)
    await hers.goto(f"/lead?id={lead}")
    await expect(hers.get_by_text("does not exist")).to_be_visible()


async def test_somebody_who_changes_teams_is_shown_the_other_teams_leads_without_a_reload(
    app: App, log_in: LogIn, floor: Floor
) -> None:
    await given_to(app, floor, floor.nora, "Grace")
    await given_to(app, floor, floor.rita, "Katherine")
    board, table = await log_in(floor.ole), await log_in(floor.ole)
    await table.goto("/leads")
    for page in (board, table):
        await is_live(page)
        await page.evaluate("window.stillTheSamePage = true")
    await expect(card(board, "Grace")).to_be_visible()
    await expect(table.get_by_role("link", name="Grace")).to_be_visible()
    assert floor.ole.actor.id is not None
    async with app.work(floor.ada) as work:
        await teams.change_member(work, floor.ole.actor.id, ChangeMember(team=None))
    await expect(card(board, "Katherine")).to_be_visible()
    await expect(card(board, "Grace")).to_have_count(0)
    await expect(table.get_by_role("link", name="Katherine")).to_be_visible()
    await expect(table.get_by_role("link", name="Grace")).to_have_count(0)
    for page in (board, table):
        assert await page.evaluate("window.stillTheSamePage")


async def test_somebody_who_is_suspended_is_told_so(app: App, log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ben)
    await is_live(page)
    assert floor.ben.actor.id is not None
    async with app.work(floor.ada) as work:
        await teams.change_member(work, floor.ben.actor.id, ChangeMember(suspended=True))
    await page.wait_for_url("**/login**")
