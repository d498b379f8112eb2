"""Filters as chips and orders of several keys, by mouse, by keyboard and on a phone; and what links of old still mean."""

import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, UpdateLead
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.tenancy.service import system_scope
from tests.e2e.people import is_live
from tests.fixtures.cast import Company, Member

LogIn = Callable[..., Awaitable[Page]]


def asked(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


async def filled(app: App, company: Company) -> None:
    for name, owner, values in (
        ("Ann", company.rep, {"value": 20_000_00, "company": "Acme", "source": "fair"}),
        ("Bob", company.rep, {"value": 5_000_00, "company": "Globex", "source": "web"}),
        ("Cid", company.manager, {"value": 20_000_00, "company": "Acme", "source": "web"}),
        ("Dot", company.manager, {"value": 0, "company": "", "source": "web"}),
    ):
        await owned(app, owner, name, **values)


async def owned(app: App, owner: Member, name: str, **values: object) -> None:
    """A lead that is somebody's from the first moment, before routing could give it to another."""
    async with app.work(system_scope(owner.organization_id)) as work:
        command = CaptureLead.model_validate({"name": name, "email": f"{name.lower()}@buyer.example", **values})
        lead = (await leads.capture(work, command)).lead_id
        await leads.update(work, lead, UpdateLead(owner=owner.actor.id))


async def no_serious_finding(page: Page) -> None:
    findings = (await Axe().run(page)).response["violations"]
    assert [each["id"] for each in findings if each["impact"] in {"serious", "critical"}] == []


def chips(page: Page) -> Locator:
    return page.locator("[data-chip]")


def listed(page: Page, *names: str) -> Awaitable[None]:
    rows = page.get_by_role("table", name="Leads").locator("a.lf-tr__link")
    return expect(rows).to_have_text(list(names))


async def test_a_list_is_narrowed_by_keyboard_alone(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    page = await log_in(northwind.owner)
    await page.goto("/leads?sort=name")
    await listed(page, "Ann", "Bob", "Cid", "Dot")

    await page.keyboard.press("f")
    await expect(page.get_by_role("combobox", name="Filter by")).to_be_focused()
    await page.keyboard.type("val")
    await no_serious_finding(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Value")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="Type a number.")).to_be_visible()
    await page.keyboard.type("10000")
    await page.keyboard.press("Enter")
    await expect(chips(page)).to_have_text(["Value is at least 10,000"])
    await listed(page, "Ann", "Cid")
    assert json.loads(asked(page)["where"]) == {"field": "value", "op": "gte", "value": 10_000_00}

    await page.keyboard.press("f")
    await page.keyboard.type("owner")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("checkbox", name="Me")).to_be_focused()
    await page.get_by_role("checkbox", name="Ben").press("Space")
    await page.keyboard.press("Enter")
    await expect(chips(page)).to_have_text(["Value is at least 10,000", "Owner is Ben"])
    await listed(page, "Ann")
    await no_serious_finding(page)

    await page.reload()
    await listed(page, "Ann")
    await page.get_by_label("Leads that match").select_option("any")
    await listed(page, "Ann", "Bob", "Cid")
    await expect(page.get_by_role("button", name="All of")).to_be_visible()
    await page.get_by_role("button", name="Value is at least 10,000", exact=True).focus()
    await page.keyboard.press("Delete")
    await listed(page, "Ann", "Bob")
    await expect(page.get_by_role("button", name="Owner is Ben", exact=True)).to_be_focused()

    await page.keyboard.press("f")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Add a filter")).to_have_count(0)
    await page.get_by_role("button", name="Clear", exact=True).click()
    await listed(page, "Ann", "Bob", "Cid", "Dot")
    assert asked(page) == {"sort": "name"}


async def test_a_group_asks_for_any_of_its_own(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    page = await log_in(northwind.owner)
    await page.goto(f"/leads?{urlencode({'sort': 'name', 'source': 'web'})}")
    await expect(chips(page)).to_have_text(["Source is web"])
    await page.get_by_role("button", name="Any of").click()
    await page.get_by_role("option", name="Company").click()
    await page.get_by_role("textbox", name="Company").fill("glob")
    await page.get_by_role("button", name="Apply").click()
    await listed(page, "Bob")
    group = page.get_by_role("group", name="Any of")
    await group.get_by_role("button", name="Add to this group").click()
    await page.get_by_role("option", name="Value").click()
    await page.get_by_label("Value: how to compare").select_option("is_empty")
    await page.get_by_role("button", name="Apply").click()
    await listed(page, "Bob", "Dot")
    assert "source" not in asked(page)
    assert json.loads(asked(page)["where"]) == {
        "all": [
            {"field": "source", "op": "any_of", "value": ["web"]},
            {"any": [{"field": "company", "op": "contains", "value": "glob"}, {"field": "value", "op": "is_empty"}]},
        ]
    }
    await group.get_by_role("button", name="Company contains “glob”", exact=True).click()
    await page.get_by_role("textbox", name="Company").fill("acme")
    await page.keyboard.press("Enter")
    await listed(page, "Cid", "Dot")
    await group.get_by_role("button", name="Remove this group").click()
    await listed(page, "Bob", "Cid", "Dot")


async def test_a_list_is_sorted_by_several_keys(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    page = await log_in(northwind.owner)
    await page.goto("/leads?sort=-value")
    await (
        page.get_by_role("columnheader", name="Name")
        .get_by_role("button", name=re.compile(r"^Name( [123])?$"))
        .click(modifiers=["Shift"])
    )
    await listed(page, "Ann", "Cid", "Bob", "Dot")
    await (
        page.get_by_role("columnheader", name="Name")
        .get_by_role("button", name=re.compile(r"^Name( [123])?$"))
        .click(modifiers=["Shift"])
    )
    await listed(page, "Cid", "Ann", "Bob", "Dot")
    assert asked(page)["sort"] == "-value,-name"

    await page.get_by_role("button", name="Sorted by Value, Name").click()
    dialog = page.get_by_role("dialog", name="Sort")
    await dialog.get_by_label("Value: direction").select_option("up")
    await listed(page, "Dot", "Bob", "Cid", "Ann")
    await dialog.get_by_role("button", name="Add a key").click()
    await expect(dialog.get_by_label("and then by")).to_be_visible()
    await no_serious_finding(page)
    await dialog.get_by_label("Sort by", exact=True).select_option("touched_at")
    await expect(dialog.get_by_text("this needs a filter by Owner or Team")).to_be_visible()
    await expect(page.get_by_text("To sort by this first, filter by an owner")).to_be_visible()
    await dialog.get_by_role("button", name="Reset").click()
    await dialog.get_by_role("button", name="Done").click()
    assert "sort" not in asked(page)
    await expect(page.get_by_role("button", name="Sorted by Score")).to_be_focused()


async def test_what_is_hidden_or_unknown_says_so_and_can_be_taken_away(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await filled(app, northwind)
    await made_blind(app, northwind.owner, northwind)
    page = await log_in(northwind.rep)
    where = {"all": [{"field": "value", "op": "gte", "value": 1}, {"field": "name", "op": "contains", "value": "a"}]}
    for path in ("/leads", "/"):
        await page.goto(f"{path}?{urlencode({'where': json.dumps(where)})}")
        await expect(chips(page).first).to_have_text("“value” cannot be filtered by here")
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.get_by_role("button", name="Remove the filter by value").click()
        await expect(chips(page)).to_have_text(["Name contains “a”"])
        await expect(page.get_by_role("link", name="Ann").first).to_be_visible()
        await page.goto(f"{path}?where=nonsense")
        await page.get_by_role("button", name="Remove the filter that cannot be read").click()
        await expect(page.get_by_role("link", name="Ann").first).to_be_visible()
    await page.keyboard.press("f")
    await expect(page.get_by_role("option", name="Score")).to_be_visible()
    await expect(page.get_by_role("option", name="Value")).to_have_count(0)


async def made_blind(app: App, owner: Scope, company: Company) -> None:
    async with app.work(owner) as work:
        role = await teams.define_role(
            work, DefineRole(name="Caller", grants={"leads.read": "all"}, fields={"value": "none"})
        )
        await teams.change_member(work, company.rep.actor.id, ChangeMember(role=str(role.id)))


async def test_a_board_is_narrowed_alike_and_stays_live(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    ben, cleo = await log_in(northwind.rep), await log_in(northwind.manager)
    for page, theirs in ((ben, "Ann"), (cleo, "Cid")):
        await is_live(page)
        await page.keyboard.press("f")
        await page.get_by_role("option", name="Owner").click()
        await page.get_by_role("checkbox", name="Me").check()
        await page.get_by_role("button", name="Apply").click()
        await expect(chips(page)).to_have_text(["Owner is me"])
        await expect(page.get_by_role("link", name=theirs)).to_be_visible()
    await expect(ben.get_by_role("link", name="Cid")).to_have_count(0)
    await expect(cleo.get_by_role("link", name="Ann")).to_have_count(0)
    await owned(app, northwind.rep, "Eve")
    await expect(ben.get_by_role("link", name="Eve")).to_be_visible()
    await expect(cleo.get_by_role("link", name="Eve")).to_have_count(0)


async def test_links_of_old_are_chips_too(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    page = await log_in(northwind.owner)
    await page.goto("/leads?captured=today&stage=new,contacted&sort=-captured_at&band=cold")
    await expect(chips(page)).to_have_text(["Stage is New or Contacted", "Came in today"])
    await listed(page, "Dot", "Cid", "Bob", "Ann")


async def test_on_a_phone_it_is_a_sheet(app: App, log_in: LogIn, northwind: Company) -> None:
    await filled(app, northwind)
    page = await log_in(northwind.owner, viewport={"width": 390, "height": 844}, has_touch=True)
    await page.goto("/leads")
    await page.get_by_role("button", name="Filter", exact=True).tap()
    sheet = page.get_by_role("dialog", name="Add a filter")
    box = await sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 390, 844)
    await page.get_by_role("option", name="Company").tap()
    await page.get_by_role("textbox", name="Company").fill("acme")
    await page.get_by_role("button", name="Apply").tap()
    await expect(chips(page)).to_have_text(["Company contains “acme”"])
    await expect(page.get_by_role("link", name="Ann")).to_be_visible()
    await expect(page.get_by_role("button", name="Filter 1", exact=True)).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await no_serious_finding(page)
