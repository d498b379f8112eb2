"""Territories on screen: made with the same conditions as rules, asked for by a rule, changed, and put back."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.fixtures.floor import sales_floor

LogIn = Callable[..., Awaitable[Page]]


async def test_a_territory_is_made_asked_for_and_put_back(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    page = await log_in(floor.ada)
    await page.goto("/assignment?tab=territories")
    await page.get_by_role("button", name="Add a territory").click()
    await page.get_by_label("Name").press("Control+Enter")
    await expect(page.get_by_text("This field is required")).to_be_visible()
    await page.get_by_label("Name").fill("South")
    await page.get_by_label("Which leads").select_option("all")
    await page.get_by_label("Field", exact=True).select_option(label="Country")
    await page.get_by_label("Country: value").fill("DE")
    await page.get_by_role("button", name="People and teams").click()
    await page.get_by_label("Whose leads these are: add a person or a team").select_option(label="Ben")
    await page.get_by_role("button", name="Add territory", exact=True).click()
    row = page.get_by_role("list", name="Territories").get_by_role("listitem")
    await expect(row).to_contain_text(["Country is DE"])
    await expect(row).to_contain_text(["Ben"])
    await row.get_by_role("button", name="More for South").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text(["South"])
    await page.goto("/assignment?edit=new")
    await page.get_by_label("Which leads").select_option("all")
    await page.get_by_label("Field", exact=True).select_option(label="Territory")
