"""How little of a table of very many leads is drawn."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import api, is_live
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.house import House
from tests.fixtures.planted import plant

LogIn = Callable[..., Awaitable[Page]]
MANY = 100_000
MOST_ROWS = 60
MOST_NODES = 2_500
DEEP = 4_000
COUNTING = """
    window.drawn = {};
    window.lfRowDrawn = (id) => { window.drawn[id] = (window.drawn[id] ?? 0) + 1; };
"""


def group(page: Page, name: str) -> Locator:
    return page.locator(".lf-group").filter(has=page.get_by_role("button", name=name, exact=True))


def lead(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


async def test_of_very_many_leads_few_are_drawn_and_a_change_draws_one(
    app: App, product: House, log_in: LogIn, ada: Member, database: TestDatabase
) -> None:
    await plant(database.admin_dsn, ada, MANY)
    page = await log_in(ada)
    await page.add_init_script(COUNTING)
    await page.goto("/leads?sort=-captured_at")
    await is_live(page)
    await expect(lead(page, "Lead 1")).to_be_visible()
    reached = 0
    while reached < DEEP:
        await page.locator(".lf-table").evaluate("(table) => table.scrollBy(0, 6000)")
        await page.wait_for_function(
            "(before) => Number([...document.querySelectorAll('[data-index]')].at(-1)?.dataset.index) > before",
            arg=reached,
        )
        rows, nodes, reached = await page.evaluate("""() => {
            const rows = document.querySelectorAll('.lf-tr--lead');
            return [rows.length, document.querySelectorAll('.lf-table *').length, Number([...rows].at(-1)?.dataset.index ?? 0)];
        }""")
        assert rows < MOST_ROWS
        assert nodes < MOST_NODES
    row = page.locator(".lf-tr--lead").nth(15)
    name = await row.get_by_role("link").inner_text()
    known = (await row.get_by_role("link").get_attribute("href") or "").rpartition("/")[2]
    await expect(page.locator(".lf-tr--more")).to_have_count(0)
    await page.evaluate("window.drawn = {}")
    async with api(app, product, ada) as client:
        assert (await client.patch(f"/leads/{known}", json={"company": "Bletchley Park"})).status_code == 200
    await expect(lead(page, name)).to_contain_text("Bletchley Park")
    assert set(await page.evaluate("window.drawn")) == {known}


async def test_groups_of_very_many_leads_are_read_as_one_gets_there(
    log_in: LogIn, ada: Member, database: TestDatabase
) -> None:
    await plant(database.admin_dsn, ada, 6_000)
    page = await log_in(ada)
    await page.goto("/leads?group=stage")
    await expect(group(page, "New")).to_contain_text("1,500")
    await expect(page.locator(".lf-tr--lead").first).to_be_visible()
    await group(page, "New").get_by_role("button").click()
    await expect(group(page, "Contacted")).to_contain_text("1,500")
    reached = 0
    while reached < 400:
        await page.locator(".lf-table").evaluate("(table) => table.scrollBy(0, 2000)")
        await page.wait_for_function(
            "(before) => Number([...document.querySelectorAll('[data-index]')].at(-1)?.dataset.index) > before",
            arg=reached,
        )
        reached = int(await page.locator(".lf-tr--lead").last.get_attribute("data-index") or 0)
        assert await page.locator(".lf-tr--lead").count() < MOST_ROWS
    stages = await page.locator(".lf-tr--lead").all_inner_texts()
    assert all("Contacted" in stage for stage in stages)
    await group(page, "Contacted").get_by_role("button").click()
    await expect(group(page, "Contacted").get_by_role("button")).to_have_attribute("aria-expanded", "false")
    await expect(group(page, "Contacted")).to_be_in_viewport()
    await expect(page.locator(".lf-tr--lead").first).to_contain_text("Qualified")
