"""The next step of a lead, taken; and the page of sources."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead, CloseLead
from tests.fixtures.cast import Company
from tests.fixtures.installation import fold

LogIn = Callable[..., Awaitable[Page]]


async def history(app: App, northwind: Company) -> None:
    """Forty leads from the fair and two from the web, decided a while ago."""
    at = app.clock.now() - timedelta(days=60)
    async with app.work(northwind.rep) as work:
        for number in range(42):
            source = "fair" if number < 40 else "web"
            command = CaptureLead(email=f"p{number}@acme.example", source=source, value=5000, occurred_at=at)
            lead = (await leads.capture(work, command)).lead_id
            await work.session.flush()
            ended, outcome = at + timedelta(days=3), "won" if number % 4 == 0 else "lost"
            await leads.close(work, lead, CloseLead(outcome=outcome, occurred_at=ended))  # type: ignore[arg-type]
    await fold(app, northwind.rep.organization_id, "intelligence")


async def test_the_next_step_opens_what_it_asks_for_and_goes_once_it_is_done(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    await history(app, northwind)
    async with app.work(northwind.rep) as work:
        grace = CaptureLead(name="Grace", email="grace@lead.example", phone="+4930123456", source="fair")
        lead = (await leads.capture(work, grace)).lead_id
    ben, vera = await log_in(northwind.rep), await log_in(northwind.viewer)
    await ben.goto(f"/leads/{lead}")
    card = ben.get_by_role("region", name="Next step")
    await expect(card).to_contain_text("nobody has been in touch since it came in", ignore_case=True)
    await expect(card).to_contain_text("Usually decided within 3 days")
    await expect(card).to_contain_text("From 40 leads from fair")
    await expect(card).to_contain_text("After 30 more calls with an outcome")
    call = card.get_by_role("link", name="Call now")
    await expect(call).to_have_attribute("href", "tel:+4930123456")
    await call.click()
    await expect(ben.get_by_label("What was said on the call")).to_be_focused()
    await ben.get_by_label("How the call went").select_option("Reached")
    await ben.get_by_role("button", name="Log call").click()
    await expect(card).to_contain_text("Nothing is due now.")

    await vera.goto(f"/leads/{lead}")
    theirs = vera.get_by_role("region", name="Next step")
    await expect(theirs).to_contain_text("Usually decided within 3 days")
    await expect(theirs.get_by_role("button")).to_have_count(0)


async def test_sources_are_compared_sorted_and_opened(app: App, log_in: LogIn, northwind: Company) -> None:
    await history(app, northwind)
    page = await log_in(northwind.manager)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Sources").click()
    rows = page.get_by_role("table", name="Sources").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("Fair")
    await expect(rows.nth(1)).to_contain_text("25 %")
    await expect(rows.nth(2)).to_contain_text("After 18 more decided leads")
    await page.get_by_role("button", name="Leads").click()
    await expect(rows.nth(1)).to_contain_text("Web")
    assert page.url.endswith("/sources?sort=leads")
    await rows.nth(2).get_by_role("link", name="40").click()
    await expect(page).to_have_url("/leads?source=fair")
