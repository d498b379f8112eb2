"""Saved views on screen: saved, changed and put in order by keys; shared live; opened by default and never in the way."""

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Request, expect

from leadflow.bootstrap import App
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.tenancy.permissions import Extent
from leadflow.views import saved
from leadflow.views.saved import ChooseDefault, SaveView
from leadflow.views.saved.models import Layout
from tests.e2e.people import is_live, lead_of
from tests.fixtures.cast import Company, Member

LogIn = Callable[..., Awaitable[Page]]
REST = """Promise.allSettled(
    document.getAnimations().filter((each) => each.effect.getTiming().iterations === 1).map((each) => each.finished)
)"""


async def save(app: App, member: Member, name: str, **fields: object) -> str:
    async with app.work(member) as work:
        command = SaveView.model_validate({"name": name, "layout": "list", "params": {"band": "cold"}, **fields})
        return str(await saved.save(work, command))


async def choose(app: App, member: Member, view: str, whose: str = "organization") -> None:
    async with app.work(member) as work:
        await saved.choose_default(
            work, ChooseDefault.model_validate({"layout": Layout.LIST, "view": view, "whose": whose})
        )


def tabs(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Views").get_by_role("link")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Views").get_by_role("link", name=name, exact=True)


async def is_open(page: Page, name: str) -> None:
    await expect(tab(page, name)).to_have_attribute("aria-current", "page")


async def run(page: Page, command: str) -> None:
    """By the palette, without a mouse."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type(command)
    options = page.get_by_role("listbox", name="Commands and leads").get_by_role("option")
    await expect(options.first).to_contain_text(command, ignore_case=True)
    await page.keyboard.press("Enter")


async def pick(page: Page, menu: str, entry: str) -> None:
    await page.get_by_role("button", name=f"More for {menu}", exact=True).last.press("Enter")
    await page.get_by_role("menu", name=menu, exact=True).get_by_role("menuitem", name=entry, exact=True).press("Enter")


async def findings(page: Page) -> list[str]:
    """What axe finds seriously wrong once everything has come to rest."""
    await page.evaluate(REST)
    found = (await Axe().run(page)).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in serious for node in each["nodes"]
    ]


async def undo(page: Page, said: str) -> None:
    await page.get_by_text(said).locator("..").get_by_role("button", name="Undo").click()


async def test_a_view_is_saved_changed_arranged_and_deleted_without_a_mouse(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ben = await log_in(northwind.rep)
    await ben.goto("/leads?band=cold")
    await is_live(ben)
    await expect(tab(ben, "All leads, changed")).to_be_visible()
    await run(ben, "Save as a new view")
    await expect(ben.get_by_label("Name", exact=True)).to_be_focused()
    await ben.keyboard.press("Enter")
    await expect(ben.get_by_text("Give the view a name.")).to_be_visible()
    await ben.keyboard.type("Cold ones")
    await ben.keyboard.press("Enter")
    await is_open(ben, "Cold ones")
    assert "band=cold" in ben.url

    await ben.get_by_role("button", name="Warm", exact=True).press("Enter")
    await expect(tab(ben, "Cold ones, changed")).to_be_visible()
    await run(ben, "Reset the view")
    await is_open(ben, "Cold ones")
    assert "band=cold" in ben.url
    await ben.get_by_role("button", name="Warm", exact=True).press("Enter")
    await run(ben, "Save the view")
    await is_open(ben, "Cold ones")
    await pick(ben, "Cold ones", "Rename…")
    await ben.get_by_label("Name", exact=True).fill("Warm ones")
    await ben.keyboard.press("Enter")
    await is_open(ben, "Warm ones")
    await pick(ben, "Warm ones", "Duplicate")
    await expect(ben.get_by_text("“Warm ones copy” is yours.")).to_be_visible()

    await ben.keyboard.press("v")
    panel = ben.get_by_role("dialog", name="Views")
    await panel.get_by_role("button", name="Pin Warm ones copy").press("Enter")
    pinned = panel.get_by_role("list", name="Pinned views").get_by_role("listitem")
    await expect(pinned).to_have_count(2)
    await panel.get_by_role("button", name="Move Warm ones copy, 2 of 2: arrow up or down").press("ArrowUp")
    await expect(pinned.first).to_contain_text("Warm ones copy")
    await ben.keyboard.press("Escape")
    await expect(tabs(ben)).to_have_text(["All leads", "Warm ones copy", "Warm ones"])
    await ben.reload()
    await expect(tabs(ben)).to_have_text(["All leads", "Warm ones copy", "Warm ones"])

    await pick(ben, "Warm ones", "Delete")
    await is_open(ben, "All leads")
    await expect(tabs(ben)).to_have_text(["All leads", "Warm ones copy"])
    await undo(ben, "Deleted: “Warm ones”")
    await is_open(ben, "Warm ones")
    await expect(ben.get_by_role("button", name="Warm", exact=True)).to_have_attribute("aria-pressed", "true")

    await ben.keyboard.press("g")
    await ben.keyboard.press("b")
    await expect(ben.get_by_role("heading", name="Board", level=1)).to_be_visible()
    await run(ben, "Open view Warm ones copy")
    await is_open(ben, "Warm ones copy")


async def test_a_shared_view_is_live_and_nobody_overwrites_anybody(app: App, log_in: LogIn, northwind: Company) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    await save(app, northwind.owner, "Ours", is_pinned=True)
    ada, window, ben = [await log_in(each) for each in (northwind.owner, northwind.owner, northwind.rep)]
    for page in (ada, window, ben):
        await page.goto("/leads")
        await is_live(page)
    await tab(ada, "Ours").click()
    await ben.get_by_role("button", name="All views").or_(ben.get_by_title("All views")).click()
    panel = ben.get_by_role("dialog", name="Views")
    await expect(panel.get_by_role("list", name="Shared views")).to_have_count(0)
    await pick(ada, "Ours", "Share with everybody")
    await panel.get_by_role("list", name="Shared views").get_by_role("button", name="Ours Ada").click()
    await is_open(ben, "Ours")
    await expect(ben.get_by_role("button", name="Cold", exact=True)).to_have_attribute("aria-pressed", "true")

    await ada.get_by_role("button", name="Hot", exact=True).click()
    await ada.get_by_role("button", name="Save for everybody").click()
    await expect(ben.get_by_text("Ada changed “Ours”.")).to_be_visible()
    await expect(ben.get_by_role("button", name="Hot", exact=True)).to_have_attribute("aria-pressed", "true")
    await is_open(ben, "Ours")

    await ben.get_by_role("button", name="Warm", exact=True).click()
    await expect(ben.get_by_role("button", name="Save as new")).to_be_visible()
    await expect(ben.get_by_role("button", name="Save for everybody")).to_have_count(0)
    await ada.get_by_label("Came in").select_option("7d")
    await tab(window, "Ours").click()
    await window.get_by_label("Stage").select_option("new")
    await window.get_by_role("button", name="Save for everybody").click()
    await expect(window.get_by_text("“Ours” is saved for everybody.")).to_be_visible()
    await expect(tab(ada, "Ours, changed")).to_be_visible()
    await expect(tab(ben, "Ours, changed")).to_be_visible()
    await ada.get_by_role("button", name="Save for everybody").click()
    conflict = ada.get_by_role("dialog", name="This view has changed meanwhile")
    await expect(conflict).to_contain_text("Ada saved “Ours” while you changed it.")
    await conflict.get_by_role("button", name="Take theirs").click()
    await is_open(ada, "Ours")
    await expect(ada.get_by_label("Stage")).to_have_value("new")
    await expect(ben.get_by_role("button", name="Warm", exact=True)).to_have_attribute("aria-pressed", "true")

    await pick(ada, "Ours", "Stop sharing")
    await expect(tab(ben, "Ours")).to_have_count(0)
    await is_open(ben, "All leads, changed")


async def test_a_default_opens_without_a_flash_and_is_never_in_the_way(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    view = await save(app, northwind.owner, "Hot only", params={"band": "hot"}, is_shared=True)
    await choose(app, northwind.owner, view)
    vera = await log_in(northwind.viewer)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/leads?" in request.url:
            asked.append(request.url)

    vera.on("request", note)
    await vera.get_by_role("link", name="Leads", exact=True).click()
    await is_open(vera, "Hot only")
    await expect(vera.get_by_text("No lead matches these filters.")).to_be_visible()
    assert all("band=hot" in url for url in asked)
    assert asked

    await tab(vera, "All leads").click()
    await expect(vera.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await is_open(vera, "All leads")
    await vera.reload()
    await expect(vera.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await vera.go_back()
    await is_open(vera, "Hot only")
    await vera.go_back()
    await expect(vera.get_by_role("heading", name="Board", level=1)).to_be_visible()
    await vera.goto("/leads?band=cold")
    await expect(vera.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await vera.get_by_role("button", name="Clear").click()
    await expect(vera.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await is_open(vera, "All leads")

    await pick(vera, "All leads", "Set as my default")
    await expect(vera.get_by_text("The list of leads opens with all leads for you.")).to_be_visible()
    await vera.goto("/leads")
    await expect(vera.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await is_open(vera, "All leads")
    await vera.goto(f"/leads?view={view}")
    await is_open(vera, "Hot only")
    await expect(vera.get_by_role("button", name="Hot", exact=True)).to_have_attribute("aria-pressed", "true")


async def test_tabs_are_dragged_into_another_order(app: App, log_in: LogIn, northwind: Company) -> None:
    for name in ("One", "Two", "Three"):
        await save(app, northwind.rep, name, is_pinned=True)
    ben = await log_in(northwind.rep)
    await ben.goto("/leads")
    await expect(tabs(ben)).to_have_text(["All leads", "One", "Two", "Three"])
    await ben.get_by_title("All views").click()
    panel = ben.get_by_role("dialog", name="Views")
    await findings(ben)
    grip = panel.get_by_role("button", name="Move One, 1 of 3: arrow up or down")
    start, end = await grip.bounding_box(), await panel.get_by_role("button", name="Three", exact=True).bounding_box()
    assert start
    assert end
    x = start["x"] + start["width"] / 2
    await ben.mouse.move(x, start["y"] + start["height"] / 2)
    await ben.mouse.down()
    await ben.mouse.move(x, end["y"] + end["height"] / 2, steps=12)
    await ben.mouse.up()
    await ben.keyboard.press("Escape")
    await expect(tabs(ben)).to_have_text(["All leads", "Two", "Three", "One"])
    await ben.reload()
    await expect(tabs(ben)).to_have_text(["All leads", "Two", "Three", "One"])


async def test_what_asks_about_a_hidden_field_is_named_and_not_told(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    view = await save(app, northwind.owner, "Fair", params={"source": "whispered"}, is_shared=True)
    await choose(app, northwind.owner, view)
    grants = dict.fromkeys((Permission.LEADS_READ, Permission.LEADS_WRITE), Extent.ALL)
    assert northwind.rep.actor.id is not None
    async with app.work(northwind.owner) as work:
        role = await teams.define_role(
            work, DefineRole(name="Blind", grants=grants, fields={LeadField.SOURCE: FieldLevel.NONE})
        )
        await teams.change_member(work, northwind.rep.actor.id, ChangeMember(role=str(role.id)))
    await lead_of(app, northwind.owner, "Grace Hopper")
    ben = await log_in(northwind.rep)
    await ben.goto(f"/leads?view={view}")
    await expect(ben.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await is_open(ben, "All leads")
    await ben.keyboard.press("v")
    panel = ben.get_by_role("dialog", name="Views")
    await expect(panel.get_by_text("Your role cannot see this view")).to_be_visible()
    await expect(panel.get_by_role("button", name="Fair")).to_have_count(1)  # more for it; nothing opens it
    assert "whispered" not in await ben.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_views_are_chosen_from_a_sheet(
    app: App, log_in: LogIn, northwind: Company, scheme: str
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    await save(app, northwind.rep, "Hot ones of mine", params={"band": "hot", "owner": "me"}, is_pinned=True)
    for number in range(6):
        await save(app, northwind.owner, f"{number} shared by Ada", is_shared=True)
    page = await log_in(northwind.rep, color_scheme=scheme, viewport={"width": 390, "height": 844}, has_touch=True)
    await page.goto("/leads")
    await page.get_by_role("button", name="View: All leads. Choose another").click()
    sheet = page.get_by_role("dialog", name="Views")
    await expect(sheet.get_by_role("searchbox", name="Find a view")).to_be_focused()
    assert await findings(page) == []
    await page.keyboard.type("3 sh")
    await expect(sheet.get_by_role("listitem")).to_have_count(1)
    await page.keyboard.type("x")
    await expect(sheet.get_by_text("No view matches “3 shx”.")).to_be_visible()
    await sheet.get_by_role("searchbox").fill("")
    await sheet.get_by_role("button", name="Hot ones of mine", exact=True).click()
    await expect(page.get_by_role("button", name="View: Hot ones of mine. Choose another")).to_be_visible()
    await page.get_by_role("button", name="Warm", exact=True).click()
    await pick(page, "Hot ones of mine", "Save")
    await expect(page.get_by_text("“Hot ones of mine” is saved.")).to_be_visible()
    assert "band=warm" in page.url
    assert await findings(page) == []
    sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


async def test_nothing_is_wrong_with_the_bar_its_list_and_its_form(app: App, log_in: LogIn, northwind: Company) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ada = await log_in(northwind.owner)
    for path in ("/", "/leads"):
        await ada.goto(path)
        await ada.get_by_title("All views").click()
        await expect(ada.get_by_role("dialog", name="Views")).to_be_visible()
        assert await findings(ada) == []
        await ada.get_by_role("dialog", name="Views").get_by_role("button", name="Save this as a view").click()
        await ada.get_by_label("Name", exact=True).fill(f"View of {path}")
        assert await findings(ada) == []
        await ada.get_by_label("Share it with everybody in Northwind").check()
        await ada.get_by_role("button", name="Save view").click()
        await is_open(ada, f"View of {path}")
        await pick(ada, f"View of {path}", "Set as everybody's default")
        await ada.get_by_title("All views").click()
        await expect(ada.get_by_role("dialog", name="Views")).to_contain_text("Everybody's default")
        assert await findings(ada) == []
        await ada.keyboard.press("Escape")


async def test_views_that_cannot_be_loaded_keep_nobody_from_their_leads(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ben = await log_in(northwind.rep)
    await ben.route("**/api/v1/views", lambda route: route.abort())
    await ben.goto("/leads")
    await expect(ben.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await expect(ben.get_by_text("Your views could not be loaded.")).to_be_visible()
    await ben.unroute("**/api/v1/views")
    await ben.get_by_role("navigation", name="Views").get_by_role("button", name="Try again").click()
    await expect(ben.get_by_text("Your views could not be loaded.")).to_have_count(0)
    await is_open(ben, "All leads")
