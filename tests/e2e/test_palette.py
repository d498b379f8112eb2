"""The palette, single keys and the sheet that names them: what can be done with a mouse, without one."""

from collections.abc import Awaitable, Callable

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import lead_of
from tests.fixtures.cast import Company

LogIn = Callable[..., Awaitable[Page]]


async def ask(page: Page, text: str) -> Locator:
    """Opens the palette, types, and answers with what it offers."""
    await page.get_by_role("combobox", name="Search leads or run a command").wait_for()
    await page.keyboard.press("Control+k")
    await page.keyboard.type(text)
    return page.get_by_role("listbox", name="Commands and leads").get_by_role("option")


async def test_a_lead_is_found_and_worked_on_without_a_mouse(app: App, log_in: LogIn, northwind: Company) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper", company="Navy")
    ben = await log_in(northwind.rep)
    offered = await ask(ben, "grace")
    await expect(offered).to_have_count(1)
    await expect(offered).to_contain_text("Grace Hopper · Navy")
    await ben.keyboard.press("Enter")
    await ben.wait_for_url("**/leads/*")
    await expect(ben.get_by_role("heading", name="Grace Hopper", level=1)).to_be_visible()

    offered = await ask(ben, "move qual")
    await expect(offered).to_have_text(["Stage: Qualified"])
    assert not (await Axe().run(ben)).response["violations"]
    await ben.keyboard.press("Enter")
    await expect(ben.get_by_text("Stage: Qualified.")).to_be_visible()
    stage = ben.get_by_role("button", name="Stage: Qualified. Change").first
    await expect(stage).to_be_visible()

    await ben.keyboard.press("s")
    await expect(ben.get_by_role("menu", name="Stage")).to_be_visible()
    await ben.keyboard.press("Escape")
    await ben.keyboard.press("c")
    await expect(ben.get_by_role("textbox", name="What was said on the call")).to_be_focused()
    await ben.keyboard.type("nscg")
    await expect(ben.get_by_role("textbox", name="What was said on the call")).to_have_value("nscg")


async def test_keys_lead_to_pages_and_the_sheet_says_which(app: App, log_in: LogIn, northwind: Company) -> None:
    await lead_of(app, northwind.rep, "Grace")
    ben = await log_in(northwind.rep)
    await expect(ben.get_by_role("button", name="Add a lead").first).to_be_visible()
    await ben.keyboard.press("g")
    await ben.keyboard.press("l")
    await ben.wait_for_url("**/leads")
    await expect(ben.get_by_role("table", name="Leads").get_by_role("link", name="Grace")).to_be_visible()
    await ben.keyboard.press("?")
    sheet = ben.get_by_role("dialog", name="Keyboard shortcuts")
    here, everywhere = sheet.get_by_role("region", name="On this page"), sheet.get_by_role("region", name="Everywhere")
    await expect(here).to_contain_text("Add a lead")
    await expect(here).to_contain_text("Reassign what is selected")
    await expect(everywhere).to_contain_text("Go to Board")
    await expect(everywhere).not_to_contain_text("Go to People")
    assert not (await Axe().run(ben)).response["violations"]
    await ben.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await ben.keyboard.press("n")
    await expect(ben.get_by_role("dialog", name="Add a lead")).to_be_visible()
    await ben.keyboard.press("Escape")
    await expect(await ask(ben, "> theme dark")).to_have_text(["Theme: dark"])
    await ben.keyboard.press("Enter")
    await expect(ben.locator("html.dark")).to_be_attached()
    await expect(await ask(ben, "> nonsense")).to_have_count(0)
    await expect(ben.get_by_text("No command matches.")).to_be_visible()


async def test_whoever_only_looks_is_offered_nothing_that_changes(app: App, log_in: LogIn, northwind: Company) -> None:
    lead = await lead_of(app, northwind.rep, "Grace")
    vera = await log_in(northwind.viewer)
    await vera.goto(f"/leads/{lead}")
    await expect(vera.get_by_role("heading", name="Grace", level=1)).to_be_visible()
    offered = await ask(vera, ">")
    await expect(offered.filter(has_text="Go to Leads")).to_be_visible()
    for name in ("Change stage", "Write a note", "Mark as won", "Edit name"):
        await expect(offered.filter(has_text=name)).to_have_count(0)
    await vera.keyboard.type("stage")
    await expect(offered).to_have_count(0)
