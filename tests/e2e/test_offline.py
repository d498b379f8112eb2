"""What is written while the connection is away: kept, through a reload, and sent or asked about when it is back."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, Route, expect

from leadflow.bootstrap import App
from tests.e2e.editing import NOT_SAVED, at_lead, at_list, box, cell, change, dialog, fact, stored, write
from tests.e2e.people import card, column, is_live, lead_of
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]


def _writes(route: Route) -> bool:
    return route.request.method == "PATCH"


async def test_what_is_written_while_away_is_kept_and_sent(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
    page = await log_in(ben)
    await at_lead(page, lead)
    await page.context.set_offline(True)
    await write(page, "Company", "IBM")
    await box(page, "Company").press("Enter")
    await expect(fact(page, "Company")).to_contain_text("IBM")
    await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
    composer = page.get_by_role("form", name="Log an activity")
    await composer.get_by_role("textbox").fill("Met at the fair.")
    await composer.get_by_role("button", name="Save note").click()
    await expect(composer).to_contain_text(NOT_SAVED)
    assert await stored(app, ada, lead, "company") == "Navy"
    await page.context.set_offline(False)
    await expect(fact(page, "Company")).not_to_contain_text(NOT_SAVED)
    await expect(fact(page, "Company")).to_contain_text("IBM")
    await expect(composer.get_by_role("textbox")).to_have_value("")
    await expect(page.locator(".lf-timeline").get_by_text("Met at the fair.")).to_have_count(1)
    assert await stored(app, ada, lead, "company") == "IBM"


async def test_what_somebody_else_has_changed_meanwhile_is_asked_about_on_the_way_back(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy", title="Dr")
    page = await log_in(ben)
    await at_lead(page, lead)
    await page.context.set_offline(True)
    for field, text in (("Company", "DEC"), ("Title", "Admiral")):
        await write(page, field, text)
        await box(page, field).press("Enter")
        await expect(fact(page, field)).to_contain_text(NOT_SAVED)
    await change(app, ada, lead, company="IBM")
    await page.context.set_offline(False)
    await dialog(page).get_by_role("radio", name="Theirs (Ada, just now) IBM").wait_for()
    await expect(dialog(page).get_by_role("group")).to_have_count(1)
    await dialog(page).get_by_role("radio", name="Yours DEC").check()
    await dialog(page).get_by_role("button", name="Save choice").click()
    await expect(fact(page, "Company")).to_contain_text("DEC")
    await expect(fact(page, "Title")).to_contain_text("Admiral")
    await expect(page.locator(".lf-unsaved")).to_have_count(0)
    assert [await stored(app, ada, lead, field) for field in ("company", "title")] == ["DEC", "Admiral"]


async def test_it_survives_a_reload_and_belongs_to_one_person(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy", title="Dr")
    page = await log_in(ben)
    await at_lead(page, lead)
    await write(page, "Title", "Adm")
    await page.route("**/api/v1/leads/*", lambda route: route.abort() if _writes(route) else route.continue_())
    await write(page, "Company", "IBM")
    await box(page, "Company").press("Enter")
    await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
    await page.reload()
    await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
    await expect(fact(page, "Company")).to_contain_text("IBM")
    await expect(box(page, "Title")).to_have_value("Adm")
    await expect(box(page, "Title")).not_to_be_focused()
    names = await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lf.unsaved'))")
    assert sorted(names) == [f"lf.unsaved.{ben.actor.id}.{lead}.{field}" for field in ("company", "title")]
    await page.unroute("**/api/v1/leads/*")
    await expect(fact(page, "Company")).not_to_contain_text(NOT_SAVED)
    await box(page, "Title").press("Escape")
    await expect(fact(page, "Title")).to_contain_text("Dr")
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lf.unsaved'))") == []
    assert await stored(app, ada, lead, "company") == "IBM"


async def test_a_list_and_a_board_wait_as_well(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
    page, board = await log_in(ben), await log_in(ada)
    await at_list(page)
    await is_live(board)
    for each in (page, board):
        await each.context.set_offline(True)
    await cell(page, "Grace Hopper", "company").dblclick()
    await page.get_by_role("textbox", name="Company of Grace Hopper").fill("IBM")
    await page.keyboard.press("Enter")
    await expect(cell(page, "Grace Hopper", "company").get_by_role("img", name=NOT_SAVED)).to_be_visible()
    await card(board, "Grace Hopper").get_by_role("link").focus()
    await board.keyboard.press("m")
    await board.get_by_role("menuitemradio", name="Qualified").click()
    await expect(column(board, "qualified").get_by_role("listitem", name="Grace Hopper")).to_be_visible()
    assert await stored(app, ada, lead, "stage") == "new"
    for each in (page, board):
        await each.context.set_offline(False)
    await expect(cell(page, "Grace Hopper", "stage")).to_have_text("Qualified")
    await expect(page.get_by_role("img", name=NOT_SAVED)).to_have_count(0)
    await expect(board.get_by_text("Saved what was waiting: Stage of Grace Hopper.")).to_be_visible()
    assert [await stored(app, ada, lead, field) for field in ("company", "stage")] == ["IBM", "qualified"]
