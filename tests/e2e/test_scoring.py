"""Rules of scores in the browser: raised, tried, made live, seen on somebody else's board, and taken back."""

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import RecordBehaviour
from leadflow.tenancy.permissions import Role
from tests.e2e.people import card, is_live, lead_of
from tests.fixtures.cast import Member, found_company

LogIn = Callable[..., Awaitable[Page]]
WORKED_MS = 60_000
"""What a worker does in the background may have to wait for the worker to start."""


@pytest.fixture
async def sellers(app: App) -> list[Member]:
    return await found_company(app, "Fabrikam", ("Ada", Role.OWNER), ("Ben", Role.REP))


async def visits_pricing(app: App, member: Member, name: str) -> None:
    lead = await lead_of(app, member, name)
    async with app.work(member) as work:
        await leads.record_behaviour(work, [RecordBehaviour(kind="pricing_visited", lead_id=UUID(lead))])


async def test_a_raised_rule_is_tried_deployed_seen_by_others_and_taken_back(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, ben = sellers
    await visits_pricing(app, ada, "Grace Hopper")
    board = await log_in(ben)
    await is_live(board)
    grace = card(board, "Grace Hopper")
    await expect(grace.get_by_text("Cold")).to_be_visible()

    page = await log_in(ada)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Scoring").press("Enter")
    await expect(page.get_by_text("The rules that everybody starts with are live.")).to_be_visible()
    deploy = page.get_by_role("button", name="Deploy…")
    await expect(deploy).to_be_disabled()
    await page.get_by_label("Visited pricing: points each").fill("80")
    await page.get_by_label("Visited pricing: at most").fill("90")
    await page.get_by_role("region", name="What they do").get_by_label("At most together").fill("")
    await expect(page.get_by_text("Your changes are not live yet.")).to_be_visible()

    await page.get_by_role("button", name="Try it on the last 90 days").press("Enter")
    tried = page.get_by_role("region", name="Tried on the last 90 days")
    await expect(tried.get_by_text("1 open lead would be in another band")).to_be_visible(timeout=WORKED_MS)
    moved = tried.get_by_role("list", name="Leads whose band would be another").get_by_role("listitem")
    await expect(moved).to_have_text([re.compile(r"Grace Hopper.*Cold.*Hot")])
    await expect(tried.get_by_role("row", name=re.compile("Hot leads that were won"))).to_contain_text("Too few")
    await expect(grace.get_by_text("Cold")).to_be_visible()

    await deploy.press("Enter")
    dialog = page.get_by_role("dialog", name="Deploy these rules?")
    await expect(dialog.get_by_label("Why")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_label("Why").fill("Whoever looks at prices buys")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Version 1 is live.", exact=True)).to_be_visible()
    await expect(grace.get_by_text("Hot")).to_be_visible(timeout=WORKED_MS)

    await page.get_by_role("tab", name="History").click()
    versions = page.get_by_role("list", name="Versions, newest first")
    first = versions.get_by_role("listitem", name="Version 1")
    await expect(first).to_contain_text("Whoever looks at prices buys · Ada")
    await expect(first).to_contain_text("“Visited pricing”: points 11 → 80, at most 22 → 90")
    await page.get_by_role("button", name="Go back to version 0").press("Enter")
    back = page.get_by_role("dialog", name="Go back to version 0?")
    await back.get_by_label("Why").fill("Too many were hot")
    await back.get_by_role("button", name="Go back to version 0").click()
    await expect(versions.get_by_role("listitem", name="Version 2")).to_contain_text("Back to 0")
    await expect(grace.get_by_text("Cold")).to_be_visible(timeout=WORKED_MS)


async def test_what_is_refused_is_said_beside_its_field_and_nothing_is_lost(
    log_in: LogIn, sellers: list[Member]
) -> None:
    ada, _ = sellers
    page = await log_in(ada)
    await page.goto("/scoring")
    points = page.get_by_label("Executive: points")
    await points.fill("many")
    await page.get_by_label("Warm from").fill("90")
    await page.get_by_role("button", name="Try it on the last 90 days").click()
    await expect(page.get_by_text("2 things to put right; nothing was changed.")).to_be_visible()
    await expect(points).to_be_focused()
    await expect(page.get_by_text("The threshold for warm must lie below the one for hot.")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await expect(page.get_by_text("What you had not deployed is here again.")).to_be_visible()
    await expect(points).to_have_value("many")
    await page.get_by_role("button", name="Remove Executive").click()
    await expect(points).to_have_count(0)
    await page.get_by_role("button", name="Discard it").click()
    await expect(points).to_have_value("12")
    await expect(page.get_by_text("Nothing is changed.")).to_be_visible()


async def test_a_model_is_tried_takes_over_and_the_one_of_before_is_tried_then(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, _ = sellers
    await visits_pricing(app, ada, "Grace Hopper")
    page = await log_in(ada)
    await page.goto("/scoring?tab=model")
    models = page.get_by_role("list", name="Models")
    await expect(models.get_by_role("listitem", name="Mix of experts")).to_contain_text("Scores now")
    ftrl = models.get_by_role("listitem", name="Logistic regression, FTRL")
    await page.get_by_role("button", name="Try Logistic regression, FTRL").press("Enter")
    await expect(ftrl).to_contain_text("too early to say", timeout=WORKED_MS)
    await page.get_by_role("button", name="Promote Logistic regression, FTRL").press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("So far it is not clearly better.")
    await dialog.get_by_label("Why").fill("Many traits, few wins")
    await page.keyboard.press("Control+Enter")
    await expect(ftrl).to_contain_text("Scores now", timeout=WORKED_MS)
    mix = models.get_by_role("listitem", name="Mix of experts")
    await expect(mix).to_contain_text("Tried in the background", timeout=WORKED_MS)
    await page.get_by_role("button", name="Stop trying Mix of experts").click()
    await expect(page.get_by_role("button", name="Try Mix of experts")).to_be_visible()
    await page.get_by_role("tab", name="History").click()
    await expect(page.get_by_role("listitem", name="Version 1")).to_contain_text("Mix of experts → Logistic regression")


async def test_who_does_not_manage_settings_is_told_whom_to_ask(log_in: LogIn, sellers: list[Member]) -> None:
    _, ben = sellers
    page = await log_in(ben)
    await expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Scoring")).to_have_count(0)
    await page.goto("/scoring")
    await expect(page.get_by_text("Owners and admins say here what makes a lead hot.")).to_be_visible()
