"""The calendar of working time on screen: by mouse and by keyboard, and for whom it shows what."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from leadflow.bootstrap import App
from leadflow.routing import absences
from leadflow.routing.commands import ReportAbsence
from leadflow.tenancy.holidays import service as holidays
from leadflow.tenancy.holidays.commands import AddHoliday
from leadflow.tenancy.hours import SetHours, set_hours
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, sales_floor

LogIn = Callable[..., Awaitable[Page]]
DECEMBER = "/people?tab=calendar&month=2026-12"


@pytest.fixture
async def floor(app: App) -> Floor:
    return await sales_floor(app)


def cell(page: Page, name: str, day: str) -> Locator:
    return page.get_by_role("gridcell", name=f"{name}, {day}:")


def bar(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Absence of {name}")


async def away(app: App, member: Member, first: int, last: int, note: str) -> None:
    times: dict[str, Any] = {
        "starts_at": datetime(2026, 12, first, tzinfo=UTC),
        "ends_at": datetime(2026, 12, last + 1, tzinfo=UTC),
    }
    async with app.work(member) as work:
        await absences.report(work, ReportAbsence(**times, note=note))


async def test_days_are_dragged_over_and_the_absence_is_cancelled_and_put_back(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto(DECEMBER)
    await cell(page, "Ben", "Tuesday, December 8").hover()
    await page.mouse.down()
    await cell(page, "Ben", "Thursday, December 10").hover()
    await page.mouse.up()
    await expect(page.get_by_label("Who")).to_have_value(str(floor.ben.actor.id))
    await expect(page.get_by_label("First day")).to_have_value("2026-12-08")
    await expect(page.get_by_label("Last day")).to_have_value("2026-12-10")
    await page.get_by_label("Note").fill("Training")
    await page.get_by_role("button", name="Note the absence").click()
    await expect(bar(page, "Ben")).to_have_text("Training")
    await expect(cell(page, "Ben", "Wednesday, December 9")).to_have_accessible_name(
        "Ben, Wednesday, December 9: away, Training"
    )
    await bar(page, "Ben").click()
    await expect(page.get_by_role("heading", name="Ben: Tue, Dec 8, 2026 – Thu, Dec 10, 2026")).to_be_visible()
    await page.get_by_role("button", name="Cancel the absence").click()
    await expect(bar(page, "Ben")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(bar(page, "Ben")).to_have_text("Training")


async def test_the_keyboard_walks_chooses_and_opens(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto(DECEMBER)
    grid = page.get_by_role("grid", name="Working time in December 2026")
    first = grid.locator("[tabindex='0']")
    await expect(first).to_have_count(1)
    await first.focus()
    for key in ("End", "ArrowLeft", "ArrowDown", "Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        await page.keyboard.press(key)
    await expect(grid.locator("[aria-selected='true']")).to_have_count(3)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("First day")).to_have_value("2026-12-02")
    await expect(page.get_by_label("Last day")).to_have_value("2026-12-04")
    await page.get_by_label("Note").press("Control+Enter")
    await expect(bar(page, "Ben")).to_have_text("Away")
    await expect(grid.locator("[data-place='3']:focus")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Cancel the absence")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Next month").press("Enter")
    await expect(page.get_by_role("grid", name="Working time in January 2027")).to_be_visible()
    assert "month=2027-01" in page.url


async def test_a_countrys_holidays_are_added_once_and_one_is_removed(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto(DECEMBER)
    for said in ("12 holidays added.", "These were all there already."):
        await page.get_by_role("button", name="Holidays").click()
        await page.get_by_role("button", name="Add a country").click()
        await page.get_by_label("Country").select_option("DE")
        await page.get_by_label("Region").select_option(label="Bayern")
        await page.get_by_role("button", name="Add the public holidays").click()
        await expect(page.get_by_text(said)).to_be_visible()
        await page.get_by_role("button", name="Close").click()
    assert await cell(page, "Nora", "Friday, December 25").get_attribute("title") == "Christmas Day"
    await expect(page.get_by_role("list", name="Holidays of this month")).to_contain_text("Christmas Day")
    await page.get_by_role("button", name="Holidays").click()
    await expect(page.get_by_role("list", name="Holidays of 2026")).to_contain_text("public holiday, DE-BY")
    await page.get_by_role("button", name="Remove Christmas Day").click()
    await expect(page.get_by_text("Christmas Day is a working day.")).to_be_visible()
    await page.get_by_role("button", name="Close").click()
    await expect(cell(page, "Nora", "Friday, December 25")).to_have_accessible_name("Nora, Friday, December 25: works")


async def test_a_teams_holiday_is_added_in_its_rows_and_what_is_wrong_is_said(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto(DECEMBER)
    await page.get_by_role("button", name="Holidays").click()
    await expect(page.get_by_text("No holidays in 2026 yet.")).to_be_visible()
    await page.get_by_role("button", name="Add a day").click()
    await page.get_by_label("Day", exact=True).fill("2026-12-17")
    await page.get_by_role("button", name="Add the holiday").click()
    await expect(page.get_by_text("This field is required.")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Outing")
    await page.get_by_label("For whom").select_option(label="Central")
    await page.get_by_label("Name", exact=True).press("Control+Enter")
    await expect(page.get_by_role("list", name="Holidays of 2026")).to_contain_text("Outing")
    await page.keyboard.press("Escape")
    await expect(cell(page, "Ben", "Thursday, December 17")).to_have_accessible_name(
        "Ben, Thursday, December 17: holiday, Outing"
    )
    await expect(cell(page, "Nora", "Thursday, December 17")).to_have_accessible_name(
        "Nora, Thursday, December 17: works"
    )


async def test_managers_look_at_their_people_and_reps_at_themselves(app: App, log_in: LogIn, floor: Floor) -> None:
    await away(app, floor.ben, 8, 9, "Dentist")
    assert floor.ben.actor.id is not None
    async with app.work(floor.ada) as work:
        hours = {"hours": {"monday": [["09:00", "17:00"]]}}
        await set_hours(work, floor.ben.actor.id, SetHours.model_validate(hours))
        await holidays.add(work, AddHoliday(day=date(2026, 12, 25), name="Christmas Day"))
    page = await log_in(floor.cleo)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Calendar").click()
    await page.goto("/calendar?month=2026-12")
    await expect(page.get_by_role("rowheader")).to_have_text(["Central", "CCleo", "Berlin", "BBen"])
    await expect(cell(page, "Ben", "Tuesday, December 8")).to_have_accessible_name(
        "Ben, Tuesday, December 8: away, Away"
    )
    await expect(cell(page, "Ben", "Monday, December 7")).to_have_accessible_name(
        "Ben, Monday, December 7: works 09:00–17:00"
    )
    await expect(bar(page, "Ben")).to_have_count(0)
    await cell(page, "Ben", "Monday, December 7").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    own = await log_in(floor.ben, viewport={"width": 390, "height": 844}, has_touch=True)
    await own.goto("/calendar?month=2026-12")
    await expect(own.get_by_role("rowheader")).to_have_text(["Berlin", "BBen"])
    await expect(bar(own, "Ben")).to_have_text("Dentist")
    await cell(own, "Ben", "Tuesday, December 1").tap()
    await own.get_by_label("Note").fill("Moving house")
    await own.get_by_role("button", name="Note the absence").click()
    await expect(bar(own, "Ben")).to_have_text(["Moving house", "Dentist"])
    await own.get_by_role("button", name="Holidays").click()
    await expect(own.get_by_role("list", name="Holidays of 2026")).to_contain_text("Christmas Day")
    await expect(own.get_by_role("button", name="Remove Christmas Day")).to_have_count(0)
    await own.get_by_role("button", name="Add a day").click()
    await expect(own.get_by_label("For whom")).to_have_count(0)
    await own.get_by_label("Day", exact=True).fill("2026-12-21")
    await own.get_by_label("Name", exact=True).fill("Name day")
    await own.get_by_role("button", name="Add the holiday").click()
    await own.get_by_role("button", name="Remove Name day").click()
    await expect(own.get_by_text("Name day is a working day.")).to_be_visible()


async def test_a_calendar_that_does_not_come_can_be_asked_for_again(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)

    async def fail(route: Route) -> None:
        await route.abort()

    await page.route("**/api/v1/calendar*", fail)
    await page.goto(DECEMBER)
    await expect(page.get_by_text("The calendar could not be loaded.")).to_be_visible()
    await page.unroute("**/api/v1/calendar*")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("grid")).to_be_visible()
