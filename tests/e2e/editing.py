"""What browser tests do with a lead that several people change."""

from uuid import UUID

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.leads.queries import detail
from tests.e2e.people import is_live
from tests.fixtures.cast import Member

NOT_SAVED = "Not saved yet. Waiting for the connection"


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


def cell(page: Page, name: str, field: str) -> Locator:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    return row.locator(f'[data-cell="{field}"]')


async def at_list(page: Page) -> None:
    await page.goto("/leads")
    await is_live(page)
    await page.get_by_role("table", name="Leads").get_by_role("link").first.wait_for()


async def serious(page: Page) -> list[str]:
    findings = (await Axe().run(page)).response["violations"]
    return [
        f"{each['id']} {each['nodes'][0]['html'][:160]}"
        for each in findings
        if each["impact"] in ("serious", "critical")
    ]
