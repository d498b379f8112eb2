"""Taking part in the pool, in the browser: a switch that says what it means, for owners and nobody below."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import Member, found_company

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def sellers(app: App) -> list[Member]:
    return await found_company(app, "Fabrikam", ("Ada", Role.OWNER), ("Cleo", Role.MANAGER))


async def test_an_owner_takes_part_and_no_longer(log_in: LogIn, sellers: list[Member]) -> None:
    page = await log_in(sellers[0])
    await page.goto("/scoring?tab=model")
    pool = page.get_by_role("region", name="Learning with others")
    switch = pool.get_by_role("switch", name="Take part: give to others, and get from them")
    await expect(switch).not_to_be_checked()
    await expect(switch).to_have_accessible_description(
        "Used for others: how up to 400 of your newest leads ended, and what they had that leads of at least three"
        " organizations have, such as a source, a country, a seniority, a rough size of the deal or something they did."
        " Never used: names, addresses, phone numbers, companies, texts, exact amounts and your own fields. Nobody is"
        " told which organization or which lead anything comes from."
    )
    await expect(pool.get_by_text("Nothing has come from the others yet")).not_to_be_visible()
    await switch.focus()
    await page.keyboard.press("Space")
    await expect(switch).to_be_checked()
    await expect(page.get_by_text("You take part from tonight on.")).to_be_visible()
    await page.reload()
    await expect(switch).to_be_checked()
    await expect(pool.get_by_text("Nothing has come from the others yet")).to_be_visible()
    await switch.click()
    await expect(switch).not_to_be_checked()
    await expect(page.get_by_role("listitem", name="Mix with a pooled prior")).to_be_visible()


async def test_a_manager_is_not_asked(log_in: LogIn, sellers: list[Member]) -> None:
    page = await log_in(sellers[1])
    await page.goto("/scoring?tab=model")
    await expect(page.get_by_role("region", name="Alarms")).to_be_visible()
    await expect(page.get_by_role("region", name="Learning with others")).to_have_count(0)
