"""Absences and working hours on screen, by keyboard, and what routing makes of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from tests.e2e.people import card, is_live
from tests.fixtures.floor import Floor, sales_floor

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def floor(app: App) -> Floor:
    return await sales_floor(app)


async def test_an_absence_is_noted_by_keyboard_changed_cancelled_and_put_back(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto("/people?tab=time")
    await page.get_by_role("button", name="Add an absence").press("Enter")
    await page.get_by_label("Who").select_option(label="Ben")
    await page.get_by_label("First day").fill(datetime.now(UTC).date().isoformat())
    await page.get_by_label("Note").fill("Training")
    await page.get_by_label("Note").press("Control+Enter")
    away = page.get_by_role("list", name="Absences").get_by_role("listitem")
    await expect(away).to_contain_text(["Ben"])
    await expect(away).to_contain_text(["Away now"])
    await page.get_by_role("button", name="More for the absence of Ben").press("Enter")
    await page.get_by_role("menuitem", name="Change").press("Enter")
    await page.get_by_label("Only for some hours").check()
    await page.get_by_label("Until", exact=True).fill("2001-01-01")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("An absence ends after it starts")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="More for the absence of Ben").click()
    await page.get_by_role("menuitem", name="Cancel it").click()
    await expect(away).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(away).to_contain_text(["Training"])


async def test_leads_go_to_others_while_somebody_is_away(app: App, log_in: LogIn, floor: Floor) -> None:
    mine = await log_in(floor.ben)
    await mine.goto("/settings?tab=absences")
    await mine.get_by_role("button", name="Add an absence").click()
    await mine.get_by_role("button", name="Note the absence").click()
    await expect(mine.get_by_role("list", name="Absences")).to_contain_text("Away now")
    board = await log_in(floor.ada)
    await is_live(board)
    names = [f"Lead{place}" for place in range(6)]
    async with app.work(floor.ada) as work:
        await leads.capture_valid(work, [CaptureLead(name=name, email=f"{name}@lead.example") for name in names])
    for name in names:
        await expect(card(board, name).locator(".lf-avatar[title]")).not_to_have_attribute("title", "Ben")


async def test_hours_that_cannot_be_read_are_refused_and_nothing_is_lost(log_in: LogIn, floor: Floor) -> None:
    page = await log_in(floor.ada)
    await page.goto("/people?tab=time")
    await page.get_by_role("button", name="Change the hours of Ben").click()
    await page.get_by_label("Always there").uncheck()
    await page.get_by_label("Monday").fill("nine to five")
    await page.get_by_role("button", name="Save the hours").click()
    await expect(page.get_by_text("Write hours like 9-12")).to_be_visible()
    await page.get_by_label("Monday").fill("8-12, 13-16:30")
    await page.get_by_role("button", name="Monday’s for all working days").click()
    await page.get_by_label("Time zone").fill("Europe/Berlin")
    await page.get_by_label("Time zone").press("Control+Enter")
    row = page.get_by_role("list", name="Working hours").get_by_role("listitem").filter(has_text="Ben")
    await expect(row).to_contain_text("Mon–Fri 08:00–12:00, 13:00–16:30 · Europe/Berlin")
