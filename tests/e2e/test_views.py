"""Saved views on screen: saved, changed and put in order by keys; shared live; opened by default and never in the way."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, Request, expect

from leadflow.bootstrap import App
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.tenancy.permissions import Extent
from tests.e2e.people import is_live, lead_of
from tests.e2e.viewing import choose, findings, is_open, pick, run, save, tab, tabs, temperature, undo
from tests.fixtures.cast import Company

LogIn = Callable[..., Awaitable[Page]]


async def test_a_view_is_saved_changed_arranged_and_deleted_without_a_mouse(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ben = await log_in(northwind.rep)
    await ben.goto("/leads?band=cold")
    await is_live(ben)
    await expect(tab(ben, "All leads, changed")).to_be_visible()
    await run(ben, "Save as a new view")
    await expect(ben.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
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
    await ben.get_by_role("textbox", name="Name", exact=True).fill("Warm ones")
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
    await temperature(ada, "Warm").click()
    await tab(window, "Ours").click()
    await temperature(window, "Cold").click()
    await window.get_by_role("button", name="Save for everybody").click()
    await expect(window.get_by_text("“Ours” is saved for everybody.")).to_be_visible()
    await expect(tab(ada, "Ours, changed")).to_be_visible()
    await expect(tab(ben, "Ours, changed")).to_be_visible()
    await ada.get_by_role("button", name="Save for everybody").click()
    conflict = ada.get_by_role("dialog", name="This view has changed meanwhile")
    await expect(conflict).to_contain_text("Ada saved “Ours” while you changed it.")
    await conflict.get_by_role("button", name="Take theirs").click()
    await is_open(ada, "Ours")
    await expect(temperature(ada, "Cold")).to_have_attribute("aria-pressed", "true")
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
