"""The lead table: its columns, its groups, and how little of it is drawn."""

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.leads import UpdateLead
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.tenancy.permissions import Extent
from tests.e2e.people import api, is_live, lead_of
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.house import House
from tests.fixtures.planted import plant

LogIn = Callable[..., Awaitable[Page]]


def heads(page: Page) -> Locator:
    return page.get_by_role("table", name="Leads").get_by_role("columnheader")


def group(page: Page, name: str) -> Locator:
    return page.locator(".lf-group").filter(has=page.get_by_role("button", name=name, exact=True))


def lead(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


async def labels(page: Page) -> list[str]:
    return [label.strip() for label in await heads(page).all_inner_texts() if label.strip()]


class TestColumns:
    async def test_columns_are_chosen_and_ordered_by_keyboard_and_the_address_carries_them(
        self, app: App, log_in: LogIn, ada: Member
    ) -> None:
        await lead_of(app, ada, "Grace Hopper", phone="+4930123456", title="Rear admiral")
        page = await log_in(ada)
        await page.goto("/leads")
        await expect(lead(page, "Grace Hopper")).to_be_visible()
        usual = await labels(page)
        await page.get_by_role("button", name="Columns", exact=True).press("Enter")
        panel = page.get_by_role("dialog", name="Columns")
        await expect(panel.get_by_role("checkbox", name="Name", exact=True)).to_be_disabled()
        await panel.get_by_role("checkbox", name="Phone").press("Space")
        await expect(lead(page, "Grace Hopper")).to_contain_text("+4930123456")
        await expect(panel.get_by_role("checkbox", name="Phone")).to_be_focused()
        for _ in usual:
            await panel.get_by_role("checkbox", name="Phone").press("Alt+ArrowUp")
        await expect(heads(page).nth(2)).to_have_text("Phone")
        await expect(heads(page).nth(1)).to_have_text("Name")
        await panel.get_by_role("checkbox", name="Company").press("Space")
        await expect(heads(page).filter(has_text="Company")).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(panel).to_be_hidden()
        await page.reload()
        await expect(lead(page, "Grace Hopper")).to_contain_text("+4930123456")
        assert (await labels(page))[:2] == ["Name", "Phone"]
        await page.get_by_role("button", name="Columns", exact=True).click()
        await page.get_by_role("dialog", name="Columns").get_by_role("button", name="Reset").click()
        await expect(heads(page).filter(has_text="Phone")).to_have_count(0)
        assert await labels(page) == usual
        assert "columns" not in page.url

    async def test_a_line_of_the_panel_is_dragged(self, app: App, log_in: LogIn, ada: Member) -> None:
        await lead_of(app, ada, "Grace Hopper")
        page = await log_in(ada)
        await page.goto("/leads?columns=name,company,score,stage")
        await page.get_by_role("button", name="Columns", exact=True).click()
        grip = await page.locator('[data-column="stage"] .lf-column-line__grip').bounding_box()
        goal = await page.locator('[data-column="company"]').bounding_box()
        assert grip
        assert goal
        await page.mouse.move(grip["x"] + 8, grip["y"] + 8)
        await page.mouse.down()
        await page.mouse.move(grip["x"] + 8, goal["y"] + 10, steps=6)
        await page.mouse.up()
        await expect(page).to_have_url(re.compile(r"columns=name%2Cstage%2Ccompany%2Cscore$"))

    async def test_a_head_has_a_menu_and_its_width_is_remembered(self, app: App, log_in: LogIn, ada: Member) -> None:
        await lead_of(app, ada, "Grace Hopper", company="Navy")
        page = await log_in(ada)
        await page.goto("/leads")
        company = heads(page).filter(has_text="Company")
        await page.get_by_role("button", name="Company: column menu").press("Enter")
        await page.get_by_role("menuitem", name="Sort descending").press("Enter")
        await expect(company).to_have_attribute("aria-sort", "descending")
        await page.get_by_role("button", name="Company: column menu").press("Enter")
        await page.get_by_role("menuitem", name="Move right").press("Enter")
        await expect(heads(page).nth(2)).to_contain_text("Score")
        before = await company.bounding_box()
        await page.get_by_role("button", name="Company: column menu").press("Enter")
        await page.get_by_role("menuitem", name="Make wider").press("Enter")
        after = await company.bounding_box()
        assert before
        assert after
        assert after["width"] > before["width"]
        await page.reload()
        await expect(lead(page, "Grace Hopper")).to_be_visible()
        kept = await company.bounding_box()
        assert kept
        assert kept["width"] == after["width"]
        await page.mouse.move(kept["x"] + kept["width"], kept["y"] + 16)
        await page.mouse.down()
        await page.mouse.move(kept["x"] + kept["width"] + 80, kept["y"] + 16, steps=4)
        await page.mouse.up()
        pulled = await company.bounding_box()
        assert pulled
        assert pulled["width"] == round(kept["width"] + 80)
        await page.get_by_role("button", name="Company: column menu").press("Enter")
        await page.get_by_role("menuitem", name="Hide").press("Enter")
        await expect(company).to_have_count(0)

    async def test_the_name_stays_when_the_table_goes_sideways(self, app: App, log_in: LogIn, ada: Member) -> None:
        await lead_of(app, ada, "Grace Hopper")
        page = await log_in(ada, viewport={"width": 900, "height": 700})
        await page.goto("/leads?columns=name,email,phone,title,country,domain,value,owner")
        name = lead(page, "Grace Hopper").get_by_role("link")
        before = await name.bounding_box()
        await page.locator(".lf-table").evaluate("(table) => table.scrollTo(400, 0)")
        email = await heads(page).filter(has_text="E-mail").bounding_box()
        assert before
        assert email
        assert email["x"] < before["x"]
        assert await name.bounding_box() == before

    async def test_what_a_role_does_not_see_is_not_on_offer(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        await lead_of(app, ada, "Grace Hopper", phone="+4930123456", source="fair")
        async with app.work(ada) as work:
            hidden = dict.fromkeys((LeadField.PHONE, LeadField.EMAIL, LeadField.SOURCE), FieldLevel.NONE)
            grants = {Permission.LEADS_READ: Extent.ALL}
            role = await teams.define_role(work, DefineRole(name="Narrow", grants=grants, fields=hidden))
        assert ben.actor.id
        async with app.work(ada) as work:
            await teams.change_member(work, ben.actor.id, ChangeMember(role=str(role.id)))
        page = await log_in(ben)
        await page.goto("/leads?columns=name,phone,domain,stage&group=source")
        await expect(lead(page, "Grace Hopper")).to_be_visible()
        assert await labels(page) == ["Name", "Stage"]
        await page.get_by_role("button", name="Columns", exact=True).click()
        panel = page.get_by_role("dialog", name="Columns")
        await expect(panel.get_by_role("checkbox", name="Country")).to_be_visible()
        for name in ("Phone", "Domain", "E-mail", "Source"):
            await expect(panel.get_by_role("checkbox", name=name)).to_have_count(0)
        assert "Source" not in await page.get_by_label("Group").locator("option").all_inner_texts()


class TestGroups:
    async def test_counts_and_sums_move_on_two_screens_and_a_moved_lead_waits_where_it_was(
        self, app: App, product: House, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        known = await lead_of(app, ada, "Grace Hopper", value=1000_00)
        await lead_of(app, ada, "Alan Kay", value=500_00)
        other = await lead_of(app, ada, "Radia Perlman", value=7_00)
        async with app.work(ada) as work:
            await leads.update(work, UUID(other), UpdateLead(stage="contacted"))
        hers, his = await log_in(ada), await log_in(ben)
        for page in (hers, his):
            await page.goto("/leads?group=stage")
            await is_live(page)
            await expect(group(page, "New")).to_contain_text("2")
            await expect(group(page, "New")).to_contain_text("1,500")
            await expect(lead(page, "Radia Perlman")).to_be_visible()
            await expect(lead(page, "Grace Hopper")).to_be_visible()
        async with api(app, product, ada) as client:
            assert (await client.patch(f"/leads/{known}", json={"stage": "contacted"})).status_code == 200
        for page in (hers, his):
            await expect(group(page, "Contacted")).to_contain_text("1,007")
            await expect(group(page, "New")).not_to_contain_text("1,500")
            await expect(lead(page, "Grace Hopper")).to_have_class(re.compile("is-gone"))
        await hers.get_by_role("button", name="1 lead new or moved").click()
        await expect(lead(hers, "Grace Hopper")).not_to_have_class(re.compile("is-gone"))
        order = [row for row in await hers.get_by_role("table").get_by_role("row").all_inner_texts() if row.strip()]
        assert order[-2].splitlines()[0] in ("Grace Hopper", "Radia Perlman")
        assert sum("Grace Hopper" in row for row in order) == 1

    async def test_a_lead_that_moves_to_a_group_of_its_own_is_there_at_once(
        self, app: App, product: House, log_in: LogIn, ada: Member
    ) -> None:
        known = await lead_of(app, ada, "Grace Hopper")
        page = await log_in(ada)
        await page.goto("/leads?group=stage")
        await is_live(page)
        await expect(lead(page, "Grace Hopper")).to_be_visible()
        async with api(app, product, ada) as client:
            assert (await client.patch(f"/leads/{known}", json={"stage": "qualified"})).status_code == 200
        await expect(group(page, "Qualified")).to_contain_text("1")
        await expect(group(page, "New")).to_have_count(0)
        await expect(lead(page, "Grace Hopper")).not_to_have_class(re.compile("is-gone"))
        await expect(page.get_by_role("button", name=re.compile("new or moved"))).to_have_count(0)

    async def test_a_group_is_folded_and_stays_so(self, app: App, log_in: LogIn, ada: Member) -> None:
        await lead_of(app, ada, "Grace Hopper", source="fair")
        await lead_of(app, ada, "Alan Kay", source="website")
        page = await log_in(ada)
        await page.goto("/leads")
        await page.get_by_label("Group").select_option(label="Source")
        await group(page, "Fair").get_by_role("button").press("Enter")
        await expect(lead(page, "Grace Hopper")).to_have_count(0)
        await expect(lead(page, "Alan Kay")).to_be_visible()
        await page.reload()
        await expect(lead(page, "Alan Kay")).to_be_visible()
        await expect(group(page, "Fair").get_by_role("button")).to_have_attribute("aria-expanded", "false")
        await page.get_by_role("button", name="Unfold all").click()
        await expect(lead(page, "Grace Hopper")).to_be_visible()
        await page.get_by_role("button", name="Fold all").click()
        await expect(lead(page, "Alan Kay")).to_have_count(0)
        assert "group=source" in page.url

    async def test_of_many_groups_only_those_in_sight_are_read(
        self, log_in: LogIn, ada: Member, database: TestDatabase
    ) -> None:
        await plant(database.admin_dsn, ada, 20_000)
        page = await log_in(ada)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "key=" in request.url else None)
        await page.goto("/leads?group=captured_day")
        await expect(page.locator(".lf-group").first).to_be_visible()
        await expect(page.locator(".lf-tr--lead").nth(20)).to_be_visible()
        await page.wait_for_load_state("networkidle")
        assert len(asked) <= 4

    async def test_keys_go_from_group_to_group(self, app: App, log_in: LogIn, ada: Member) -> None:
        for name, source in (("Grace Hopper", "fair"), ("Alan Kay", "website")):
            await lead_of(app, ada, name, source=source)
        page = await log_in(ada)
        await page.goto("/leads?group=source")
        await expect(lead(page, "Alan Kay")).to_be_visible()
        await page.keyboard.press("j")
        await expect(page.get_by_role("link", name="Grace Hopper")).to_be_focused()
        await page.keyboard.press("j")
        await expect(page.get_by_role("link", name="Alan Kay")).to_be_focused()
        await page.keyboard.press("x")
        await expect(page.get_by_role("checkbox", name="Select Alan Kay")).to_be_checked()

    async def test_sums_of_the_list_stand_under_their_columns_and_move(
        self, app: App, product: House, log_in: LogIn, ada: Member
    ) -> None:
        known = await lead_of(app, ada, "Grace Hopper", value=1000_00)
        await lead_of(app, ada, "Alan Kay", value=70_00, currency="USD")
        page = await log_in(ada)
        await page.goto("/leads")
        await is_live(page)
        sums = page.get_by_role("row", name="All leads of the list")
        await expect(sums).to_contain_text("2 leads")
        await expect(sums).to_contain_text("€1,000 + $70")
        async with api(app, product, ada) as client:
            assert (await client.patch(f"/leads/{known}", json={"value": 2000_00})).status_code == 200
        await expect(sums).to_contain_text("€2,000 + $70")
