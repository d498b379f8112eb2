"""Invited by mail, seats that are counted as people come, and an address that is confirmed, in the browser."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from leadflow.bootstrap import App
from leadflow.tenancy import seats
from leadflow.tenancy.commands import SetSeats
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.e2e.people import is_live
from tests.fixtures.cast import PASSWORD, Member, found_company
from tests.fixtures.house import House

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def ada(app: App) -> Member:
    """She owns a company of three, with one seat to spare."""
    owner, *_ = await found_company(app, "Contoso", ("Ada", Role.OWNER), ("Ben", Role.REP), ("Nora", Role.REP))
    async with app.work(system_scope(owner.organization_id)) as work:
        await seats.set_seats(work, SetSeats(seats=4))
    return owner


@pytest.fixture
async def guest(chrome: Browser, product: House) -> AsyncIterator[Page]:
    """Somebody who is not logged in."""
    context = await chrome.new_context(base_url=product.url)
    yield await context.new_page()
    await context.close()


def card(page: Page) -> Locator:
    return page.get_by_role("region", name="Seats and usage")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Confirm your address")


async def invite(page: Page, email: str) -> None:
    await page.get_by_role("button", name="Invite", exact=True).click()
    await page.get_by_label("E-mail").fill(email)
    await page.keyboard.press("Enter")


async def link_to(page: Page, email: str) -> str:
    """The link of the latest mail to somebody, read in the mail catcher."""
    mail = page.get_by_role("article").filter(has_text=f"To {email}").first
    await page.goto("/mail-catcher")
    while not await mail.count():
        await page.reload()
    return await mail.get_by_role("link").inner_text()


async def test_ada_invites_by_mail_the_link_leads_in_and_the_seats_are_counted(
    log_in: LogIn, guest: Page, ada: Member
) -> None:
    page = await log_in(ada)
    await page.goto("/people")
    await expect(card(page)).to_contain_text("3 of 4 seats, no invitation open")
    await invite(page, "lena@contoso.example")
    await expect(page.get_by_role("dialog")).to_contain_text("A link is being mailed to lena@contoso.example.")
    await page.get_by_role("button", name="Done").click()
    await expect(card(page)).to_contain_text("3 of 4 seats, one invitation open")
    await expect(card(page)).to_contain_text("No seat is left.")
    await expect(page.get_by_text(re.compile("mailed just now"))).to_be_visible()

    await invite(page, "late@contoso.example")
    await expect(page.get_by_role("alert")).to_contain_text("All 4 seats are taken, by 3 people and 1 open invitation.")
    await page.keyboard.press("Escape")

    await guest.goto(await link_to(page, "lena@contoso.example"))
    await guest.get_by_label("Your name").fill("Lena")
    await guest.get_by_label("Password").fill(PASSWORD)
    await guest.get_by_role("button", name="Join").click()
    await guest.wait_for_url("**/")
    await is_live(guest)
    await expect(bar(guest)).to_have_count(0)
    await page.goto("/people")
    await expect(card(page)).to_contain_text("4 of 4 seats, no invitation open")
    await expect(page.get_by_text("lena@contoso.example")).to_be_visible()


async def test_an_invitation_is_mailed_again_or_its_link_shown(log_in: LogIn, guest: Page, ada: Member) -> None:
    page = await log_in(ada)
    await page.goto("/people")
    await invite(page, "lena@contoso.example")
    await page.get_by_role("button", name="Done").click()
    await page.get_by_role("button", name="Mail the invitation of lena@contoso.example again").click()
    await expect(page.get_by_text("Another link is being mailed to lena@contoso.example.")).to_be_visible()
    await expect(page.get_by_text(re.compile("mailed just now"))).to_be_visible()
    await page.get_by_role("button", name="Make a new link for lena@contoso.example").click()
    link = await page.locator(".lf-secret").inner_text()
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text(re.compile("link given by hand"))).to_be_visible()
    mailed = await link_to(page, "lena@contoso.example")
    assert "used or revoked" in await (await guest.request.get(mailed)).text()
    await guest.goto(link)
    await expect(guest.get_by_role("heading", name="Join Contoso")).to_be_visible()


async def test_who_has_not_confirmed_the_address_is_asked_until_it_is_confirmed(log_in: LogIn, ada: Member) -> None:
    page = await log_in(ada)
    await expect(bar(page)).to_contain_text(ada.email)
    await bar(page).get_by_role("button", name="Send the link again").click()
    await expect(bar(page)).to_contain_text("A new link is on its way.")
    mail = await page.context.new_page()
    await mail.goto(await link_to(mail, ada.email))
    await mail.get_by_role("button", name="Confirm this address").click()
    await mail.get_by_text("Address confirmed").first.wait_for()
    await mail.close()
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Leads").click()
    await expect(bar(page)).to_have_count(0)
    await page.reload()
    await is_live(page)
    await expect(bar(page)).to_have_count(0)


async def test_the_bar_is_hidden_for_now_and_a_link_is_not_sent_without_end(log_in: LogIn, ada: Member) -> None:
    page = await log_in(ada)
    again = bar(page).get_by_role("button", name="Send the link again")
    await page.route(
        "**/api/v1/me/verification",
        lambda route: route.fulfill(
            status=429, json={"title": "Too many attempts", "detail": "Too many attempts. Try again in 12 minutes."}
        ),
    )
    await again.click()
    await expect(bar(page)).to_contain_text("No new link was sent. Too many attempts. Try again in 12 minutes.")
    await bar(page).get_by_role("button", name="Hide for now").click()
    await expect(bar(page)).to_have_count(0)
    await page.reload()
    await is_live(page)
    await expect(bar(page)).to_have_count(0)
