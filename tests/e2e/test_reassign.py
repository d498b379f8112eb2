"""Many leads reassigned on screen: the one who loses them sees it at once, and sees them come back."""

from collections.abc import Awaitable, Callable

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import card, is_live
from tests.fixtures.floor import given_to, sales_floor
from tests.routing.desk import away

LogIn = Callable[..., Awaitable[Page]]
NAMES = ("Grace", "Katherine", "Radia")


async def test_three_of_bens_leads_go_to_rita_and_come_back(app: App, log_in: LogIn) -> None:
    """Rita is in no team, so what is hers is out of Ben's reach and of Cleo's."""
    floor = await sales_floor(app)
    for name in (*NAMES, "Sophie"):
        await given_to(app, floor, floor.ben, name)
    ben, cleo = await log_in(floor.ben), await log_in(floor.cleo)
    await is_live(ben)
    for name in NAMES:
        await expect(card(ben, name)).to_be_visible()

    await cleo.goto("/leads?sort=name")
    table = cleo.get_by_role("table", name="Leads")
    await table.get_by_role("checkbox", name="Select Grace").check()
    await table.get_by_role("checkbox", name="Select Radia").click(modifiers=["Shift"])
    bar = cleo.get_by_role("region", name="Selection")
    await expect(bar).to_contain_text("3 leads selected")
    await cleo.keyboard.press("a")
    dialog = cleo.get_by_role("dialog", name="Reassign 3 leads")
    await dialog.get_by_label("add a person or a team").select_option(label="Rita")
    await expect(dialog).to_contain_text("3 leads change hands.")
    await expect(dialog.get_by_role("list", name="Who gets how many")).to_contain_text("3 from Ben")
    await dialog.get_by_role("button", name="Reassign 3 leads").click()
    await expect(cleo.get_by_text("3 leads reassigned to Rita.")).to_be_visible()
    await expect(bar).to_have_count(0)
    for name in NAMES:
        await expect(card(ben, name)).to_have_count(0)
    await expect(card(ben, "Sophie")).to_be_visible()

    await cleo.get_by_role("button", name="Undo").click()
    await expect(cleo.get_by_text("3 leads went back.")).to_be_visible()
    for name in NAMES:
        await expect(card(ben, name)).to_be_visible()


async def test_leads_are_selected_by_key_and_by_all_that_match(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    for name in (*NAMES, "Sophie"):
        await given_to(app, floor, floor.ben, name)
    cleo = await log_in(floor.cleo)
    await cleo.goto("/leads?sort=name")
    box = cleo.get_by_role("checkbox")
    await expect(box).to_have_count(5)
    bar = cleo.get_by_role("region", name="Selection")
    await cleo.get_by_role("link", name="Grace").focus()
    for keys, selected in (("x", 1), ("Shift+J", 2), ("Shift+J", 3), ("Shift+K", 2)):
        await cleo.keyboard.press(keys)
        await expect(bar).to_contain_text(f"{selected} lead{'' if selected == 1 else 's'} selected")
    await cleo.keyboard.press("Escape")
    await expect(bar).to_have_count(0)
    await cleo.keyboard.press("x")
    await bar.get_by_role("button", name="Select all 4 that match").click()
    await expect(bar).to_contain_text("All 4 leads selected")
    await cleo.get_by_role("checkbox", name="Select Sophie").uncheck()
    await expect(bar).to_contain_text("3 leads selected")
    await bar.get_by_role("button", name="Clear").click()
    await expect(bar).to_have_count(0)


async def test_on_a_phone_a_team_takes_them_evenly_and_who_is_absent_is_named(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    for name in (*NAMES, "Sophie"):
        await given_to(app, floor, floor.ben, name)
    ada = await log_in(floor.ada, viewport={"width": 390, "height": 844})
    await ada.goto("/leads?sort=name")
    await expect(ada.get_by_role("link", name="Grace")).to_be_visible()
    await expect(ada.get_by_role("checkbox")).to_have_count(0)
    await ada.get_by_role("button", name="Select", exact=True).click()
    await ada.get_by_role("checkbox", name="Select Grace").check()
    await ada.get_by_role("checkbox", name="Select Katherine").check()
    await ada.get_by_role("button", name="Reassign…").click()
    dialog = ada.get_by_role("dialog", name="Reassign 2 leads")
    await dialog.get_by_label("add a person or a team").select_option(label="North")
    gets = dialog.get_by_role("list", name="Who gets how many")
    for name in ("Nora", "Ole"):
        await expect(gets.get_by_role("listitem").filter(has_text=name)).to_contain_text("+1")
    findings = (await Axe().run(ada)).response["violations"]
    assert not [each["id"] for each in findings if each["impact"] in ("serious", "critical")]
    await away(app, floor.nora)
    await dialog.get_by_role("button", name="Leave out North").click()
    await dialog.get_by_label("add a person or a team").select_option(label="North")
    await expect(dialog.get_by_text("Nora gets none (Absent).")).to_be_visible()
    await dialog.get_by_role("button", name="Reassign 2 leads").click()
    await expect(ada.get_by_text("2 leads reassigned to Ole.")).to_be_visible()
    await expect(ada.get_by_role("checkbox")).to_have_count(0)
