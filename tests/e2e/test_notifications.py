"""Notifications on screen: the bell in two windows, the panel by keyboard, mentions as they are written, choices.

Cleo manages: the rules deal her no leads, so that she hears of nothing but what the tests do.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from leadflow.bootstrap import App
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, CreateTeam
from tests.e2e.people import is_live, lead_of
from tests.fixtures.cast import Member
from tests.notifications.desk import give, me, note

LogIn = Callable[..., Awaitable[Page]]


def bell(page: Page, words: str = "Notifications") -> Locator:
    return page.get_by_role("button", name=words, exact=True)


async def counts(page: Page, unread: int) -> None:
    """The worker may have other things to do first."""
    await expect(bell(page, f"Notifications, {unread} unread")).to_be_visible(timeout=20_000)


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Notifications")


async def opened(page: Page) -> Locator:
    await page.keyboard.press("g")
    await page.keyboard.press("n")
    await expect(panel(page)).to_be_visible()
    return panel(page)


async def assert_accessible(page: Page) -> None:
    findings = (await Axe().run(page)).response["violations"]
    assert [each["id"] for each in findings if each["impact"] in ("serious", "critical")] == []


async def test_the_bell_counts_up_by_itself_and_what_is_read_here_is_read_there(
    app: App, log_in: LogIn, ada: Member, cleo: Member
) -> None:
    one, two, other = await log_in(cleo), await log_in(cleo), await log_in(ada)
    for page in (one, two, other):
        await is_live(page)
        await expect(bell(page)).to_be_visible()
    lead = UUID(await lead_of(app, ada, "Grace Hopper"))
    await give(app, ada, lead, cleo)
    for page in (one, two):
        await counts(page, 1)
    await note(app, ada, lead, "@Cleo please call her", cleo)
    for page in (one, two):
        await counts(page, 2)
    await expect(bell(other)).to_be_visible()

    for page in (one, two):
        await bell(page, "Notifications, 2 unread").click()
        await expect(panel(page).get_by_role("link", name="Unread: Ada mentioned you on Grace Hopper")).to_be_visible()
        await expect(panel(page).get_by_role("region", name="Today").get_by_role("listitem")).to_have_count(2)
    await assert_accessible(one)
    await panel(one).get_by_role("link", name="Ada mentioned you").click()
    await one.wait_for_url(f"**/leads/{lead}")
    await expect(panel(one)).to_have_count(0)
    for page in (one, two):
        await counts(page, 1)
    row = panel(two).get_by_role("listitem").filter(has_text="Ada mentioned you")
    await expect(row.get_by_role("link", name="Unread")).to_have_count(0)
    await expect(panel(two)).to_contain_text("Ada gave you Grace Hopper")

    await panel(two).get_by_role("button", name="Mark all read").click()
    for page in (one, two):
        await expect(bell(page)).to_be_visible()
    await expect(panel(two).get_by_role("button", name="Mark all read")).to_be_disabled()
    await two.get_by_text("1 notification marked as read.").locator("..").get_by_role("button", name="Undo").click()
    for page in (one, two):
        await counts(page, 1)


async def test_the_panel_is_worked_by_keys_alone(app: App, log_in: LogIn, ada: Member, cleo: Member) -> None:
    leads = [UUID(await lead_of(app, ada, name)) for name in ("Grace Hopper", "Joan Clarke")]
    for lead in leads:
        await note(app, ada, lead, "@Cleo look", cleo)
    page = await log_in(cleo)
    await counts(page, 2)
    box = await opened(page)
    await page.keyboard.press("Escape")
    await expect(box).to_have_count(0)
    await expect(bell(page, "Notifications, 2 unread")).to_be_focused()

    await opened(page)
    await expect(box.get_by_role("listitem")).to_have_count(2)
    await page.keyboard.press("j")
    first = box.get_by_role("link", name="mentioned you on Joan Clarke")
    await expect(first).to_be_focused()
    await page.keyboard.press("u")
    await counts(page, 1)
    await expect(first).to_be_focused()
    await page.keyboard.press("u")
    await counts(page, 2)
    await box.get_by_role("button", name="Unread", exact=True).click()
    await expect(box.get_by_role("listitem")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("u")
    await expect(box.get_by_role("listitem")).to_have_count(1)
    await expect(box.get_by_role("link", name="mentioned you on Grace Hopper")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/leads/{leads[0]}")
    await expect(bell(page)).to_be_visible()
    await opened(page)
    await expect(box.get_by_role("listitem")).to_have_count(2)
    await box.get_by_role("button", name="Unread", exact=True).click()
    await expect(box).to_contain_text("You have read everything.")
    await page.keyboard.press("Tab")
    await page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.click()
    await expect(box).to_have_count(0)


async def test_on_a_phone_the_panel_is_a_sheet(app: App, log_in: LogIn, ada: Member, cleo: Member) -> None:
    name = "Maximiliana Theodora Wolkenstein-Trostburg von und zu Hohenlohe-Langenburg"
    await note(app, ada, UUID(await lead_of(app, ada, name)), "@Cleo " + "x" * 300, cleo)
    page = await log_in(cleo, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    await bell(page, "Notifications, 1 unread").click()
    box = await panel(page).bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await assert_accessible(page)
    await panel(page).get_by_role("button", name="Mark as read").click()
    await expect(panel(page).get_by_role("button", name="Mark as unread")).to_be_visible()
    await panel(page).get_by_role("button", name="Close").click()
    await expect(bell(page)).to_be_focused()


async def test_somebody_is_mentioned_by_name_and_hears_of_it(
    app: App, log_in: LogIn, ada: Member, viewer: Member, cleo: Member
) -> None:
    async with app.work(ada) as work:
        north = (await teams.create_team(work, CreateTeam(name="North"))).id
        await teams.change_member(work, me(viewer), ChangeMember(team=north))
    lead = await lead_of(app, ada, "Grace Hopper")
    page, hers = await log_in(ada), await log_in(cleo)
    await is_live(hers)
    await page.goto(f"/leads/{lead}")
    words = page.get_by_role("textbox", name="note")
    await words.press_sequentially("Please look @cl")
    people = page.get_by_role("listbox", name="People to mention")
    await expect(people.get_by_role("option")).to_have_count(1)
    await expect(people.get_by_role("option", name="Cleo", exact=True)).to_be_visible()
    await assert_accessible(page)
    await words.press("Enter")
    await expect(words).to_have_value("Please look @Cleo ")
    await words.press_sequentially("and @")
    await words.press("ArrowDown")
    await expect(people.get_by_role("option", name="Cleo")).to_have_attribute("aria-selected", "true")
    await words.press("Escape")
    await expect(people).to_have_count(0)
    await page.reload()
    await expect(words).to_have_value("Please look @Cleo and @")
    await words.press("End")
    await words.press_sequentially("v")
    await expect(people.get_by_role("option", name="Vera")).to_be_visible()
    await words.press("Tab")
    await expect(words).to_have_value("Please look @Cleo and @Vera ")
    await words.press("Control+Enter")
    await expect(page.get_by_text("Vera cannot see this lead")).to_be_visible()
    await expect(page.locator(".lf-timeline .lf-mention")).to_have_text(["@Cleo", "@Vera"])
    await bell(hers, "Notifications, 1 unread").click()
    await expect(panel(hers)).to_contain_text("Ada mentioned you on Grace Hopper: “Please look @Cleo and @Vera”")


async def test_what_somebody_does_not_want_does_not_come(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    page = await log_in(ben)
    await is_live(page)
    box = await opened(page)
    await expect(box).to_contain_text("Nothing yet.")
    await box.get_by_role("link", name="Notification settings").click()
    switch = page.get_by_role("switch", name="A lead is assigned to you")
    await expect(switch).to_have_attribute("aria-checked", "true")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await page.reload()
    await expect(switch).to_have_attribute("aria-checked", "false")
    lead = UUID(await lead_of(app, ada, "Grace Hopper"))
    await give(app, ada, lead, ben)
    await note(app, ada, lead, "@Ben", ben)
    await counts(page, 1)
    await opened(page)
    await expect(panel(page)).not_to_contain_text("gave you")
