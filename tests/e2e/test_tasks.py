"""Tasks on screen: the day of one person in two windows, a lead's panel, and a reminder wherever they are."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, expect

from leadflow import tasks
from leadflow.bootstrap import App
from leadflow.tasks import CreateTask
from tests.e2e.people import is_live, lead_of
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]


async def add(app: App, member: Member, title: str, hours: float | None = None, **fields: object) -> None:
    due = None if hours is None else datetime.now(UTC) + timedelta(hours=hours)
    async with app.work(member) as work:
        await tasks.create(work, CreateTask.model_validate({"title": title, "due_at": due, **fields}))


def part(page: Page, heading: str) -> Locator:
    return page.get_by_role("list", name=heading, exact=True)


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=title)


async def my_day(page: Page) -> None:
    await page.get_by_role("link", name="My day").click()
    await page.get_by_role("heading", name="My day").wait_for()
    await is_live(page)


async def test_a_day_is_written_down_checked_off_and_the_same_in_every_window(
    app: App, log_in: LogIn, ben: Member
) -> None:
    one, two = [await log_in(ben, timezone_id="Europe/Berlin") for _ in range(2)]
    for page in (one, two):
        await my_day(page)
        await expect(page.get_by_text("Nothing to do yet.")).to_be_visible()

    await one.keyboard.press("n")
    line = one.get_by_role("textbox", name="New task")
    await expect(line).to_be_focused()
    await line.fill("Call Ada tomorrow 10:00")
    understood = one.locator(".lf-said")
    await expect(understood).to_contain_text("Call Ada")
    await expect(understood).to_contain_text("Tomorrow, 10:00")
    await expect(understood).to_contain_text("reminds you")
    await line.press("Enter")
    await expect(line).to_have_value("")
    await line.fill("Write the offer")
    await line.press("Enter")
    for page in (one, two):
        await expect(part(page, "Upcoming")).to_contain_text("Call Ada")
        await expect(part(page, "No date")).to_contain_text("Write the offer")

    await line.press("Escape")
    await one.keyboard.press("j")
    await expect(box(one, "Call Ada")).to_be_focused()
    await one.keyboard.press("x")
    for page in (one, two):
        await expect(part(page, "Upcoming")).to_have_count(0)
        await expect(part(page, "Done today")).to_contain_text("Call Ada")
    await expect(box(one, "Write the offer")).to_be_focused()
    await one.get_by_text("Done: “Call Ada”").locator("..").get_by_role("button", name="Undo").click()
    for page in (one, two):
        await expect(part(page, "Upcoming")).to_contain_text("Call Ada")

    await box(two, "Write the offer").focus()
    await two.keyboard.press("e")
    await two.get_by_label("What", exact=True).fill("Write the better offer")
    await two.get_by_role("button", name="Save").click()
    await expect(part(one, "No date")).to_contain_text("Write the better offer")
    await box(two, "Write the better offer").focus()
    await two.keyboard.press("Delete")
    await expect(part(one, "No date")).to_have_count(0)
    await two.get_by_text("Deleted: “Write the better offer”").locator("..").get_by_role("button", name="Undo").click()
    await expect(part(one, "No date")).to_contain_text("Write the better offer")

    await one.keyboard.press("?")
    await expect(one.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Check off")


async def test_late_today_and_later_stand_apart_and_the_rail_counts_what_is_due(
    app: App, log_in: LogIn, ben: Member
) -> None:
    await add(app, ben, "Missed", -30)
    await add(app, ben, "Later", 72)
    page = await log_in(ben)
    await expect(page.get_by_role("link", name="My day")).to_contain_text("1")
    await my_day(page)
    await expect(part(page, "Overdue")).to_contain_text("Missed")
    await expect(part(page, "Upcoming")).to_contain_text("Later")
    await add(app, ben, "Missed too", -1)
    await expect(part(page, "Overdue")).to_contain_text("Missed too")
    await expect(page.get_by_role("link", name="My day")).to_contain_text("2")


async def test_what_is_to_be_done_about_a_lead_stands_on_its_page_and_in_ones_day(
    app: App, log_in: LogIn, ben: Member, viewer: Member
) -> None:
    lead = await lead_of(app, ben, "Grace Hopper")
    await lead_of(app, ben, "Ada Lovelace")
    page, other, looking = await log_in(ben), await log_in(ben), await log_in(viewer)
    await my_day(other)
    for each in (page, looking):
        await each.goto(f"/leads/{lead}")
    panel, seen = [each.get_by_role("region", name="Tasks") for each in (page, looking)]
    await expect(panel).to_contain_text("Nothing is planned.")
    line = panel.get_by_role("textbox", name="New task")
    await line.fill("Send the contract in 2 days")
    await line.press("Enter")
    for each in (panel, seen, part(other, "Upcoming")):
        await expect(each).to_contain_text("Send the contract")
    await expect(part(other, "Upcoming")).to_contain_text("Grace Hopper")
    await expect(seen.get_by_role("checkbox")).to_be_disabled()
    await expect(seen.get_by_role("textbox")).to_have_count(0)

    line = other.get_by_role("textbox", name="New task")
    await line.fill("Call Grace next week")
    await expect(other.get_by_role("button", name="About Grace Hopper")).to_have_attribute("aria-pressed", "true")
    await line.press("Enter")
    await expect(panel).to_contain_text("Call Grace")
    await box(page, "Call Grace").click()
    await box(other, "Send the contract").click()
    for each in (panel, seen):
        await expect(each).to_contain_text("Nothing is planned.")
    timeline = page.locator(".lf-timeline")
    await expect(timeline).to_contain_text("Task done")
    await expect(timeline).to_contain_text("Send the contract")


async def test_a_reminder_comes_where_somebody_is_and_is_answered_once(app: App, log_in: LogIn, ben: Member) -> None:
    lead = await lead_of(app, ben, "Grace Hopper")
    one, two = await log_in(ben), await log_in(ben)
    for page in (one, two):
        await is_live(page)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    await add(app, ben, "Call Grace", lead=lead, remind_at=soon)
    reminders = [page.get_by_role("status", name="Reminders") for page in (one, two)]
    for each in reminders:
        await expect(each).to_contain_text("Call Grace")
        await expect(each).to_contain_text("Grace Hopper")
    await reminders[0].get_by_role("button", name="Snooze 1 h").click()
    for each in reminders:
        await expect(each).not_to_contain_text("Call Grace")

    await add(app, ben, "Write to Grace", lead=lead, remind_at=datetime.now(UTC) + timedelta(seconds=2))
    await reminders[1].get_by_role("button", name="Open").click()
    await two.wait_for_url(f"**/leads/{lead}")
    for each in reminders:
        await expect(each).not_to_contain_text("Write to Grace")
    await expect(two.get_by_role("region", name="Tasks")).to_contain_text("Write to Grace")
