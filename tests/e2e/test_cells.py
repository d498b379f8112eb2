"""Cells of the list that are edited where they stand: by keyboard, live, undone, refused and asked about."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.e2e.editing import at_list, cell, change, dialog, stored
from tests.e2e.people import lead_of
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]


async def test_cells_are_edited_by_keyboard_seen_by_others_and_undone(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy", value=100_00)
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await at_list(page)
    await hers.keyboard.press("j")
    await expect(hers.get_by_role("link", name="Grace Hopper")).to_be_focused()
    await hers.keyboard.press("ArrowRight")
    await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()
    await hers.keyboard.press("e")
    editor = hers.get_by_role("textbox", name="Company of Grace Hopper")
    await expect(editor).to_be_focused()
    await editor.fill("IBM jj")
    await hers.keyboard.press("Enter")
    await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()
    for page in (hers, his):
        await expect(cell(page, "Grace Hopper", "company")).to_have_text("IBM jj")
    await hers.get_by_text("Company of Grace Hopper: IBM jj.").locator("..").get_by_role("button", name="Undo").click()
    await expect(cell(his, "Grace Hopper", "company")).to_have_text("Navy")

    await cell(hers, "Grace Hopper", "company").focus()
    await hers.keyboard.press("F2")
    await editor.fill("nothing of this")
    await hers.keyboard.press("Escape")
    await expect(cell(hers, "Grace Hopper", "company")).to_have_text("Navy")
    await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()

    await cell(hers, "Grace Hopper", "value").dblclick()
    value = hers.get_by_role("textbox", name="Value of Grace Hopper")
    await value.fill("much")
    await hers.keyboard.press("Enter")
    await expect(hers.get_by_role("alert")).to_have_text("Write a number, such as 1500.")
    await value.fill("1,500.50")
    await hers.keyboard.press("Enter")
    await expect(cell(his, "Grace Hopper", "value")).to_have_text("€1,500.50")
    assert await stored(app, ada, lead, "value") == 1500_50


async def test_tab_goes_on_to_the_next_cell_and_stage_and_owner_are_chosen_from_menus(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy", source="fair")
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await at_list(page)
    await hers.get_by_role("link", name="Grace Hopper").focus()
    await hers.keyboard.press("e")
    await hers.get_by_role("textbox", name="Name of Grace Hopper").fill("Grace B. Hopper")
    await hers.keyboard.press("Tab")
    company = hers.get_by_role("textbox", name="Company of Grace B. Hopper")
    await expect(company).to_be_focused()
    await company.fill("IBM")
    await hers.keyboard.press("Tab")
    await hers.get_by_role("menuitemradio", name="Qualified").click()
    await expect(cell(his, "Grace B. Hopper", "stage")).to_have_text("Qualified")
    await expect(cell(his, "Grace B. Hopper", "company")).to_have_text("IBM")
    await expect(cell(hers, "Grace B. Hopper", "stage")).to_be_focused()
    await hers.keyboard.press("ArrowRight")
    await hers.keyboard.press("Enter")
    await hers.get_by_role("menuitemradio", name="Ada").click()
    await expect(cell(his, "Grace B. Hopper", "owner")).to_contain_text("Ada")
    assert await stored(app, ada, lead, "owner") == str(ada.actor.id)
    await hers.get_by_role("link", name="Grace B. Hopper").focus()
    await hers.keyboard.press("Enter")
    await hers.wait_for_url(f"**/leads/{lead}")


async def test_what_is_refused_stands_at_the_cell_with_what_was_written(app: App, log_in: LogIn, ada: Member) -> None:
    await lead_of(app, ada, "Grace Hopper", company="Navy")
    page = await log_in(ada)
    await at_list(page)
    await page.route(
        "**/api/v1/leads/*",
        lambda route: route.fulfill(
            status=422,
            content_type="application/problem+json",
            body='{"title":"x","errors":[{"field":"company","message":"Not this one."}]}',
        ),
    )
    await cell(page, "Grace Hopper", "company").dblclick()
    editor = page.get_by_role("textbox", name="Company of Grace Hopper")
    await editor.fill("IBM")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Not this one.")
    await expect(editor).to_have_value("IBM")
    await page.unroute("**/api/v1/leads/*")
    await editor.press("Enter")
    await expect(cell(page, "Grace Hopper", "company")).to_have_text("IBM")


async def test_a_cell_that_somebody_else_has_changed_meanwhile_asks(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
    page = await log_in(ben)
    await at_list(page)
    await cell(page, "Grace Hopper", "company").dblclick()
    editor = page.get_by_role("textbox", name="Company of Grace Hopper")
    await editor.fill("DEC")
    await change(app, ada, lead, company="IBM")
    await editor.press("Enter")
    await expect(dialog(page)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(editor).to_have_value("DEC")
    await editor.press("Enter")
    await dialog(page).get_by_role("radio", name="Yours DEC").check()
    await dialog(page).get_by_role("button", name="Save choice").click()
    await expect(cell(page, "Grace Hopper", "company")).to_have_text("DEC")
    assert await stored(app, ada, lead, "company") == "DEC"


async def test_nothing_can_be_edited_by_a_viewer_and_on_a_phone_the_row_opens_the_lead(
    app: App, log_in: LogIn, ada: Member, viewer: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
    page = await log_in(viewer)
    await at_list(page)
    await expect(page.locator("[data-cell]")).to_have_count(0)
    await page.get_by_role("link", name="Grace Hopper").focus()
    await page.keyboard.press("e")
    await expect(page.get_by_role("textbox", name="Name of Grace Hopper")).to_have_count(0)
    phone = await log_in(ada, viewport={"width": 390, "height": 844})
    await at_list(phone)
    await expect(phone.locator("[data-cell]")).to_have_count(0)
    await phone.get_by_role("link", name="Grace Hopper").click()
    await phone.wait_for_url(f"**/leads/{lead}")
