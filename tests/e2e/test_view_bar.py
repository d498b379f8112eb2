"""The bar of saved views: on a phone, for those who use no eyes, and when it cannot be loaded."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import lead_of
from tests.e2e.viewing import findings, is_open, pick, save
from tests.fixtures.cast import Company

LogIn = Callable[..., Awaitable[Page]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_views_are_chosen_from_a_sheet(
    app: App, log_in: LogIn, northwind: Company, scheme: str
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    await save(app, northwind.rep, "Hot ones of mine", params={"band": "hot", "owner": "me"}, is_pinned=True)
    for number in range(6):
        await save(app, northwind.owner, f"{number} shared by Ada", is_shared=True)
    page = await log_in(northwind.rep, color_scheme=scheme, viewport={"width": 390, "height": 844}, has_touch=True)
    await page.goto("/leads")
    await page.get_by_role("button", name="View: All leads. Choose another").click()
    sheet = page.get_by_role("dialog", name="Views")
    await expect(sheet.get_by_role("searchbox", name="Find a view")).to_be_focused()
    assert await findings(page) == []
    await page.keyboard.type("3 sh")
    await expect(sheet.get_by_role("listitem")).to_have_count(1)
    await page.keyboard.type("x")
    await expect(sheet.get_by_text("No view matches “3 shx”.")).to_be_visible()
    await sheet.get_by_role("searchbox").fill("")
    await sheet.get_by_role("button", name="Hot ones of mine", exact=True).click()
    await expect(page.get_by_role("button", name="View: Hot ones of mine. Choose another")).to_be_visible()
    await page.get_by_role("button", name="Warm", exact=True).click()
    await pick(page, "Hot ones of mine", "Save")
    await expect(page.get_by_text("“Hot ones of mine” is saved.")).to_be_visible()
    assert "band=warm" in page.url
    assert await findings(page) == []
    sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


async def test_nothing_is_wrong_with_the_bar_its_list_and_its_form(app: App, log_in: LogIn, northwind: Company) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ada = await log_in(northwind.owner)
    for path in ("/", "/leads"):
        await ada.goto(path)
        await ada.get_by_title("All views").click()
        await expect(ada.get_by_role("dialog", name="Views")).to_be_visible()
        assert await findings(ada) == []
        await ada.get_by_role("dialog", name="Views").get_by_role("button", name="Save this as a view").click()
        await ada.get_by_role("textbox", name="Name", exact=True).fill(f"View of {path}")
        assert await findings(ada) == []
        await ada.get_by_label("Share it with everybody in Northwind").check()
        await ada.get_by_role("button", name="Save view").click()
        await is_open(ada, f"View of {path}")
        await pick(ada, f"View of {path}", "Set as everybody's default")
        await ada.get_by_title("All views").click()
        await expect(ada.get_by_role("dialog", name="Views")).to_contain_text("Everybody's default")
        assert await findings(ada) == []
        await ada.keyboard.press("Escape")


async def test_views_that_cannot_be_loaded_keep_nobody_from_their_leads(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await lead_of(app, northwind.rep, "Grace Hopper")
    ben = await log_in(northwind.rep)
    await ben.route("**/api/v1/views", lambda route: route.abort())
    await ben.goto("/leads")
    await expect(ben.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await expect(ben.get_by_text("Your views could not be loaded.")).to_be_visible()
    await ben.unroute("**/api/v1/views")
    await ben.get_by_role("navigation", name="Views").get_by_role("button", name="Try again").click()
    await expect(ben.get_by_text("Your views could not be loaded.")).to_have_count(0)
    await is_open(ben, "All leads")
