"""Offers on screen: whoever may take a lead hears of it at once, and loses it at once to whoever was first."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from leadflow.routing import service as routing
from leadflow.routing.commands import DefineRule
from tests.e2e.people import card, is_live, lead_of
from tests.fixtures.floor import sales_floor

LogIn = Callable[..., Awaitable[Page]]


async def test_an_offered_lead_is_claimed_by_one_and_gone_for_the_others(app: App, log_in: LogIn) -> None:
    """Ben and Nora have teams, so that a lead of nobody's is out of their reach; Rita has none, and sees its card."""
    floor = await sales_floor(app)
    async with app.work(floor.ada) as work:
        await routing.define(work, DefineRule(name="Pond", strategy="pond"))
    ben, nora, rita = [await log_in(member) for member in (floor.ben, floor.nora, floor.rita)]
    for page in (ben, nora, rita):
        await is_live(page)
    await lead_of(app, floor.ada, "Grace", company="Acme")
    await lead_of(app, floor.ada, "Katherine", company="Bolt")
    for page in (ben, nora, rita):
        await expect(page.get_by_role("region", name="Offers")).to_contain_text("2 leads are offered to you")
    await expect(card(ben, "Grace")).to_have_count(0)

    await nora.get_by_role("button", name="Show", exact=True).click()
    offered = nora.get_by_role("list", name="Offered leads")
    await expect(offered).to_contain_text("Acme")
    await expect(offered).not_to_contain_text("Grace")
    await offered.get_by_role("button", name="Claim Acme").click()
    await expect(nora.get_by_text("Grace is yours.")).to_be_visible()
    await expect(offered.get_by_role("button", name="Claim Bolt")).to_be_focused()
    await nora.keyboard.press("Escape")
    await expect(card(nora, "Grace")).to_be_visible()

    for page in (ben, rita):
        await expect(page.get_by_role("region", name="Offers")).to_contain_text("1 lead is offered to you")
    await card(rita, "Katherine").get_by_role("link").focus()
    await rita.keyboard.press("c")
    await expect(rita.get_by_text("Katherine is yours.")).to_be_visible()
    await expect(card(rita, "Katherine").get_by_role("button", name="Claim Katherine")).to_have_count(0)
    for page in (ben, nora, rita):
        await expect(page.get_by_role("region", name="Offers")).to_have_count(0)
