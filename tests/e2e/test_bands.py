"""A lead held in a band, as those see it who look at it meanwhile."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from tests.e2e.people import card, is_live
from tests.fixtures.cast import Company
from tests.fixtures.installation import fold

LogIn = Callable[..., Awaitable[Page]]


async def test_a_band_is_held_by_keyboard_and_let_go_on_every_screen(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    ben, ada = await log_in(northwind.rep), await log_in(northwind.owner)
    await is_live(ada)
    async with app.work(northwind.rep) as work:
        captured = await leads.capture(work, CaptureLead(name="Grace", email="grace@lead.example"))
    await fold(app, northwind.rep.organization_id, "scoring")
    await expect(card(ada, "Grace")).to_contain_text("Cold")
    await ben.goto(f"/leads/{captured.lead_id}")
    scorecard = ben.get_by_role("region", name="Score")
    await expect(scorecard.get_by_role("button", name="Band: cold. Change")).to_be_visible()

    await scorecard.get_by_role("button", name="Band: cold. Change").press("Enter")
    await expect(ben.get_by_role("menuitem", name="Hold as hot…")).to_be_focused()
    await expect(ben.get_by_role("menuitem", name="Return to automatic")).to_have_count(0)
    await ben.keyboard.press("Enter")
    dialog = ben.get_by_role("dialog", name="Hold as hot")
    await expect(dialog.get_by_role("radio", name="7 days")).to_be_focused()
    await ben.keyboard.press("ArrowRight")
    await expect(dialog.get_by_role("radio", name="30 days")).to_be_checked()
    await ben.keyboard.press("Tab")
    await ben.keyboard.type("Met at the fair")
    await ben.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    held = scorecard.get_by_role("button", name="Band: hot, held by hand. Change")
    await expect(held).to_be_visible()
    await expect(scorecard).to_contain_text("by Ben: Met at the fair. Its score says cold.")
    await expect(card(ada, "Grace")).to_contain_text("Hot, held by hand")
    await expect(ben.get_by_text("Held by hand", exact=True)).to_be_visible()
    await expect(ben.get_by_text("hot for 30 days: Met at the fair (until ")).to_be_visible()

    await held.click()
    await ben.get_by_role("menuitem", name="Return to automatic (cold)").click()
    await expect(scorecard.get_by_role("button", name="Band: cold. Change")).to_be_visible()
    await expect(card(ada, "Grace")).to_contain_text("Cold")
    await expect(card(ada, "Grace")).not_to_contain_text("held by hand")

    await ben.get_by_text("Back to its automatic band.").locator("..").get_by_role("button", name="Undo").click()
    await expect(held).to_be_visible()


async def test_whoever_may_only_look_has_no_menu(app: App, log_in: LogIn, northwind: Company) -> None:
    async with app.work(northwind.rep) as work:
        captured = await leads.capture(work, CaptureLead(name="Grace", email="grace@lead.example"))
    await fold(app, northwind.rep.organization_id, "scoring")
    vera = await log_in(northwind.viewer)
    await vera.goto(f"/leads/{captured.lead_id}")
    scorecard = vera.get_by_role("region", name="Score")
    await expect(scorecard).to_contain_text("Cold")
    await expect(scorecard.get_by_role("button")).to_have_count(0)
