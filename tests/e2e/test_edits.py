"""Two people at one lead: different fields merge, and the same field is chosen between three values."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect

from leadflow.bootstrap import App
from tests.e2e.editing import NOT_SAVED, at_lead, at_list, box, cell, change, dialog, fact, serious, stored, write
from tests.e2e.people import card, is_live, lead_of
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]


async def test_different_fields_merge_in_silence_on_both_screens(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Frances Allen", company="Compilers")
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await at_lead(page, lead)
    await write(hers, "Company", "IBM")
    await write(his, "Title", "Fellow")
    await hers.keyboard.press("Enter")
    await expect(fact(his, "Company")).to_contain_text("IBM")
    await his.keyboard.press("Enter")
    for page in (hers, his):
        await expect(fact(page, "Company")).to_contain_text("IBM")
        await expect(fact(page, "Title")).to_contain_text("Fellow")
        await expect(dialog(page)).to_have_count(0)


async def test_the_same_field_is_chosen_between_three_values(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    lead = await lead_of(app, ada, "Frances Allen", company="Compilers")
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await at_lead(page, lead)
    await write(his, "Company", "His Ltd")
    await write(hers, "Company", "Hers Ltd")
    await hers.keyboard.press("Enter")
    await expect(fact(hers, "Company")).to_contain_text("Hers Ltd")
    await box(his, "Company").press("Enter")
    asked = dialog(his)
    await expect(asked.get_by_role("radio", name="Before Compilers")).to_be_focused()
    await expect(asked.get_by_role("radio", name="Theirs (Ada, just now) Hers Ltd")).to_be_visible()
    await expect(asked.get_by_role("radio", checked=True)).to_have_count(0)
    await asked.get_by_role("button", name="Save choice").click()
    await expect(asked.get_by_role("alert")).to_have_text("Choose one of them.")
    await his.keyboard.press("Escape")
    await expect(box(his, "Company")).to_have_value("His Ltd")
    assert await stored(app, ada, lead, "company") == "Hers Ltd"
    await box(his, "Company").press("Enter")
    await asked.get_by_role("radio", name="Yours His Ltd").check()
    await asked.get_by_role("button", name="Save choice").click()
    for page in (hers, his):
        await expect(fact(page, "Company")).to_contain_text("His Ltd")


async def test_theirs_is_kept_and_something_else_is_written(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    lead = await lead_of(app, ada, "Frances Allen", company="Compilers", title="Dr")
    page = await log_in(ben)
    await at_lead(page, lead)
    await write(page, "Company", "His Ltd")
    await change(app, ada, lead, company="Hers Ltd", title="Professor")
    await box(page, "Company").press("Enter")
    await dialog(page).get_by_role("button", name="Keep theirs").click()
    await expect(fact(page, "Company")).to_contain_text("Hers Ltd")
    await expect(box(page, "Company")).to_have_count(0)

    await write(page, "Title", "Fellow")
    await change(app, ada, lead, title="Dame")
    await box(page, "Title").press("Enter")
    await dialog(page).get_by_role("radio", name="Write another").check()
    await dialog(page).get_by_role("textbox", name="Another title").fill("Dame, Fellow")
    await page.keyboard.press("Control+Enter")
    await expect(fact(page, "Title")).to_contain_text("Dame, Fellow")
    assert await stored(app, ada, lead, "title") == "Dame, Fellow"


async def test_an_owner_that_somebody_else_gave_meanwhile_is_asked_about(
    app: App, log_in: LogIn, ada: Member, ben: Member, cleo: Member
) -> None:
    lead = await lead_of(app, ada, "Frances Allen")
    page = await log_in(ben)
    await at_lead(page, lead)
    await expect(page.get_by_role("button", name="Owner: Ben. Change").first).to_be_visible()

    hers = iter([str(cleo.actor.id)])

    async def held(route: Route) -> None:
        if route.request.method == "PATCH" and (owner := next(hers, None)):
            await change(app, ada, lead, owner=owner)
        await route.continue_()

    await page.route("**/api/v1/leads/*", held)
    await page.get_by_role("button", name="Owner: Ben. Change").first.click()
    await page.get_by_role("menuitemradio", name="Ada").click()
    await expect(dialog(page).get_by_role("radio", name="Theirs (Ada, just now) Cleo")).to_be_visible()
    await dialog(page).get_by_role("radio", name="Yours Ada").check()
    await dialog(page).get_by_role("button", name="Save choice").click()
    await expect(page.get_by_role("button", name="Owner: Ada. Change").first).to_be_visible()
    assert await stored(app, ada, lead, "owner") == str(ada.actor.id)


async def test_a_card_that_somebody_else_has_moved_meanwhile_is_asked_about_too(
    app: App, log_in: LogIn, ada: Member
) -> None:
    lead = await lead_of(app, ada, "Alan Kay")
    page = await log_in(ada)
    await is_live(page)
    hers = iter(["won"])

    async def held(route: Route) -> None:
        if stage := next(hers, None):
            await change(app, ada, lead, stage=stage)
        await route.continue_()

    await page.route("**/api/v1/leads/*", held)
    await card(page, "Alan Kay").get_by_role("link").focus()
    await page.keyboard.press("m")
    await page.get_by_role("menuitemradio", name="Qualified").click()
    await expect(dialog(page).get_by_role("radio", name="Before New")).to_be_visible()
    await dialog(page).get_by_role("button", name="Keep theirs").click()
    await expect(page.get_by_role("region", name="Won, 1 lead")).to_be_visible()
    await expect(page.get_by_text("Alan Kay stays in Won.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_everybody_can_read_what_is_asked_what_waits_and_who_is_there(
    app: App, log_in: LogIn, ada: Member, ben: Member, scheme: str, width: int
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper", company="Navy", value=100_00)
    page, hers = await log_in(ben, color_scheme=scheme, viewport={"width": width, "height": 844}), await log_in(ada)
    for each, path in ((page, f"/leads/{lead}?tab=facts"), (hers, f"/leads/{lead}")):
        await each.goto(path)
    await expect(page.get_by_text("Ada is here too")).to_be_visible()
    await page.context.set_offline(True)
    for field, text in (("Company", "DEC"), ("Value", "200")):
        await write(page, field, text)
        await box(page, field).press("Enter")
        await expect(fact(page, field)).to_contain_text(NOT_SAVED)
    assert await serious(page) == []
    await change(app, ada, lead, company="A company whose name goes on and on and on and on", currency="USD")
    await page.context.set_offline(False)
    await expect(dialog(page).get_by_role("group", name="Value")).to_contain_text("$100")
    await dialog(page).get_by_role("group", name="Company").get_by_role("radio", name="Write another").check()
    await dialog(page).get_by_role("button", name="Save choice").click()
    await expect(dialog(page).get_by_role("group", name="Value").get_by_role("alert")).to_be_visible()
    assert await serious(page) == []
    sideways = "document.querySelector('dialog[open]').scrollWidth - document.querySelector('dialog[open]').clientWidth"
    assert await page.evaluate(sideways) <= 0
    await dialog(page).get_by_role("button", name="Keep theirs").click()
    await expect(fact(page, "Value")).to_contain_text("$100")
    if width == 1440:
        await at_list(page)
        await cell(page, "Grace Hopper", "value").dblclick()
        await page.get_by_role("textbox", name="Value of Grace Hopper").fill("much")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await serious(page) == []
