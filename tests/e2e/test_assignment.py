"""Who takes which leads: rules made and ordered in the browser, and the proof of what they decided."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.routing import service as routing
from leadflow.routing.commands import DefineRule
from leadflow.tenancy.permissions import Role
from tests.e2e.people import lead_of
from tests.fixtures.cast import Member, found_company

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def sellers(app: App) -> list[Member]:
    """Ada owns the company, Ben and Nora sell there; three leads came in, two of them from Germany."""
    members = await found_company(app, "Contoso", ("Ada", Role.OWNER), ("Ben", Role.REP), ("Nora", Role.REP))
    for name, country in (("Grace Hopper", "DE"), ("Alan Turing", "DE"), ("Marie Curie", "FR")):
        await lead_of(app, members[0], name, country=country)
    return members


async def make(app: App, member: Member, *names: str, **said: object) -> None:
    async with app.work(member) as work:
        for name in names:
            await routing.define(work, DefineRule.model_validate({"name": name, **said}))


def rules_of(page: Page) -> Locator:
    return page.get_by_role("list", name="Rules, the first asked first").get_by_role("listitem")


async def test_a_rule_is_made_by_keyboard_counted_ordered_and_proved_on_the_next_lead(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Assignment").press("Enter")
    await expect(page.get_by_text("Without rules everybody who sells takes turns")).to_be_visible()
    await page.get_by_role("button", name="Make a rule").press("Enter")
    await expect(page.get_by_label("Name", exact=True)).to_be_focused()
    await page.keyboard.type("Germany")
    line = page.get_by_role("form", name="A new rule").get_by_role("status")
    await expect(line).to_have_text("Would match 3 of last month's 3")
    await page.get_by_label("Which leads").select_option("all")
    await expect(line).to_contain_text("Not complete yet")
    await page.get_by_label("Field", exact=True).select_option("country")
    await page.get_by_label("Country: how to compare").select_option("one of")
    await page.get_by_label("Country: value").press_sequentially("DE, AT")
    await page.keyboard.press("Enter")
    await expect(line).to_have_text("Would match 2 of last month's 3")
    await page.get_by_role("button", name="People and teams").press("Enter")
    await page.get_by_label("Who takes them: add a person or a team").select_option(label="Nora")
    shares = page.get_by_role("list", name="Who would get how many")
    await expect(shares.get_by_role("listitem")).to_have_text([re.compile("Nora.*2")])
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("button", name="Edit Germany")).to_be_focused()
    await expect(page.get_by_text("When country is one of DE, AT")).to_be_visible()
    await expect(page.get_by_text("2 of last month's 3", exact=True)).to_be_visible()
    await expect(page.get_by_text("1 lead of last month's 3 matches no rule and waits.")).to_be_visible()

    await make(app, ada, "Everybody else")
    await page.reload()
    await page.get_by_role("button", name=re.compile("^Move Everybody else")).press("ArrowUp")
    await expect(page.get_by_text("Everybody else is rule 1 of 2 now.")).to_be_visible()
    rows = rules_of(page)
    await expect(rows.filter(has_text="Germany")).to_contain_text("Never asked: “Everybody else” takes every lead")
    await page.get_by_role("button", name="More for Germany").press("Enter")
    await page.get_by_role("menuitem", name="Move up").press("Enter")
    await expect(rows.first).to_contain_text("Germany")
    await expect(page.get_by_role("button", name=re.compile("^Move Germany, rule 1 of 2"))).to_be_focused()
    await page.reload()
    await expect(rows.first).to_contain_text("Germany")

    lead = await lead_of(app, ada, "Konrad Zuse", country="DE")
    await page.goto(f"/leads/{lead}")
    await expect(page.get_by_role("button", name="Owner: Nora. Change").first).to_be_visible()
    await page.get_by_role("button", name="How it was assigned").press("Enter")
    proof = page.get_by_role("dialog", name="How it was assigned")
    await expect(proof.get_by_role("heading", name="Nora: it was their turn")).to_be_visible()
    await expect(proof.get_by_text("By the rule “Germany”.")).to_be_visible()
    await expect(proof.get_by_role("row", name=re.compile("Nora Chosen"))).to_contain_text("Has their share")


async def test_what_the_server_refuses_is_said_beside_the_field_and_nothing_is_lost(
    log_in: LogIn, sellers: list[Member]
) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.goto("/assignment?edit=new")
    await page.get_by_label("Name", exact=True).fill("Rich")
    await page.get_by_label("Which leads").select_option("any")
    await page.get_by_label("Field", exact=True).select_option("value")
    await page.get_by_label("Value: value").fill("much")
    await page.get_by_role("button", name="People and teams").click()
    await page.get_by_role("button", name="Make the rule").click()
    await expect(page.get_by_text("'at least' needs a number.")).to_be_visible()
    await expect(page.get_by_text("Name people or teams, or say everybody.")).to_be_visible()
    await expect(page.get_by_label("Value: value")).to_be_focused()
    await page.reload()
    await expect(page.get_by_text("What you had not saved is here again.")).to_be_visible()
    await expect(page.get_by_label("Value: value")).to_have_value("much")
    await page.get_by_label("Value: value").fill("5,000")
    await page.get_by_role("button", name="Everybody who sells").click()
    await page.get_by_label("In what way").select_option("capacity")
    await page.get_by_label("Leads per person, at most").fill("0")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert").filter(has_text="greater than or equal to 1")).to_be_visible()
    await page.get_by_label("Leads per person, at most").fill("3")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("When value is at least 5,000")).to_be_visible()
    await expect(page.get_by_text("takes turns, up to 3 leads a day each")).to_be_visible()


async def test_a_rule_is_switched_off_removed_and_brought_back(app: App, log_in: LogIn, sellers: list[Member]) -> None:
    ada, *_ = sellers
    await make(app, ada, "First", "Second", "Third")
    page = await log_in(ada)
    await page.goto("/assignment")
    rows = rules_of(page)
    await page.get_by_role("switch", name="First is on").press("Space")
    await expect(page.get_by_text("First is off.")).to_be_visible()
    await expect(rows.nth(1)).to_contain_text("3 of last month's 3")
    await page.get_by_role("button", name="More for Second").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await expect(rows).to_have_count(2)
    await page.get_by_text("Second is removed.").locator("..").get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Second is back.")).to_be_visible()
    await expect(rows.nth(1)).to_contain_text("Second")
    await page.get_by_role("button", name="More for Second").click()
    await page.get_by_role("menuitem", name="Duplicate").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Second (copy)")
    await page.get_by_label("Name", exact=True).fill("Another")
    await page.keyboard.press("Escape")
    await expect(rows).to_have_count(3)
    await page.get_by_text("What you changed was not saved.").locator("..").get_by_role("button", name="Undo").click()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Another")
    await page.get_by_role("button", name="Make the rule").click()
    await expect(rows.nth(2)).to_contain_text("Another")


async def test_one_lead_is_tried_and_nothing_changes(app: App, log_in: LogIn, sellers: list[Member]) -> None:
    ada, ben, _ = sellers
    await make(app, ada, "All to Ben", pool={"people": [str(ben.actor.id)]})
    page = await log_in(ada)
    await page.goto("/assignment?tab=dry-run")
    await expect(page.get_by_role("list", name="Who would get leads of All to Ben")).to_contain_text("Ben3")
    await page.get_by_label("A lead to try").fill("Marie")
    await expect(page.get_by_role("option", name=re.compile("Marie Curie"))).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Marie Curie → Ben: it was their turn")).to_be_visible()
    async with app.work(ada) as work:
        lead = (await leads.capture(work, leads.CaptureLead(name="By Hand"))).lead_id
        await leads.update(work, lead, leads.UpdateLead(owner=ada.actor.id))
    await page.get_by_label("A lead to try").fill(f"https://leads.example/leads/{lead}")
    await expect(page.get_by_role("heading", name="By Hand → Ben: it was their turn")).to_be_visible()
    await page.get_by_role("link", name="Open the lead").click()
    await page.get_by_role("button", name="How it was assigned").click()
    await expect(page.get_by_text("Assigned by hand.")).to_be_visible()


async def test_whoever_may_not_arrange_assignment_is_told_who_may(log_in: LogIn, sellers: list[Member]) -> None:
    _, ben, _ = sellers
    page = await log_in(ben)
    await expect(page.get_by_role("link", name="Assignment")).to_have_count(0)
    await page.goto("/assignment")
    await expect(page.get_by_text("Managers, owners and admins arrange here who takes which leads.")).to_be_visible()
