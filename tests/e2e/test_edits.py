"""Two people at one lead: what merges, what is asked, what is kept while the connection is away, and who is there."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from playwright.async_api import Locator, Page, Route, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.leads.queries import detail
from tests.e2e.people import card, column, is_live, lead_of
from tests.e2e.test_live import listen
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor

LogIn = Callable[..., Awaitable[Page]]


async def change(app: App, member: Member, lead_id: str, **fields: object) -> None:
    async with app.work(member) as work:
        await leads.update(work, UUID(lead_id), UpdateLead.model_validate(fields))


async def stored(app: App, member: Member, lead_id: str, field: str) -> object:
    async with app.work(member) as work:
        return (await detail(work, UUID(lead_id)))[field]


async def at_lead(page: Page, lead_id: str) -> None:
    await page.goto(f"/leads/{lead_id}")
    await is_live(page)
    await page.get_by_role("heading", name="Facts").wait_for()


def box(page: Page, field: str) -> Locator:
    return page.get_by_role("textbox", name=field, exact=True)


async def write(page: Page, field: str, text: str) -> None:
    await page.get_by_role("button", name=f"Edit {field}").click()
    await box(page, field).fill(text)


def fact(page: Page, field: str) -> Locator:
    return page.locator(".lf-fact").filter(has=page.locator("dt", has_text=field))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Somebody else changed this too")


class TestMeeting:
    async def test_different_fields_merge_in_silence_on_both_screens(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
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

    async def test_the_same_field_is_chosen_between_three_values(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
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

    async def test_theirs_is_kept_and_something_else_is_written(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
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
        self, app: App, log_in: LogIn, ada: Member, ben: Member, cleo: Member
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
