"""How the model does, in the browser: figures, an alarm, leads that wait because of it, and going on all the same."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.routing import service as routing
from leadflow.routing.commands import DefineRule
from leadflow.scoring.monitoring import repository, service
from leadflow.scoring.monitoring.inputs import Day
from leadflow.scoring.monitoring.tally import Tally
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member, found_company
from tests.scoring.lives import score_by
from tests.scoring.test_success import OF_A_DEAL

LogIn = Callable[..., Awaitable[Page]]
WORKED_S = 60
"""What a worker does in the background may have to wait for the worker to start."""


@pytest.fixture
async def sellers(app: App) -> list[Member]:
    return await found_company(app, "Fabrikam", ("Ada", Role.OWNER), ("Cleo", Role.MANAGER), ("Ben", Role.REP))


async def lived(app: App, member: Member) -> None:
    """Some weeks of outcomes, and page views that stopped coming two days ago."""
    today = datetime.now(UTC).date()
    grades, inputs = {}, {}
    for back in range(1, 35):
        tally = Tally()
        for number in range(10):
            tally.add(-3.0 + 0.6 * number, 1.0, 0.0, won=number >= 5)
        grades["mix", today - timedelta(days=back)] = tally
        views = {"page_viewed": 60} if back > 2 else {}
        facts = {"source": {"web": 14, "fair": 6} if back > 7 else {"web": 4, "fair": 16}}
        inputs[today - timedelta(days=back)] = Day(20, facts, {**views, "email_opened": 30})
    async with app.work(system_scope(member.organization_id)) as work:
        await repository.add_grades(work, grades)
        await repository.save_inputs(work, inputs)


async def alarmed(app: App, member: Member) -> None:
    async with app.work(system_scope(member.organization_id)) as work:
        await service.check(work)


async def captured(app: App, member: Member) -> None:
    async with app.work(member) as work:
        await leads.capture(work, CaptureLead(name="Grace Hopper", email="grace@buyer.example"))


async def shows(page: Page, wanted: Locator) -> None:
    """Looks again until the worker has done it."""
    for _ in range(WORKED_S):
        await page.reload()
        await expect(page.get_by_role("region", name="Alarms")).to_be_visible()
        if await wanted.is_visible():
            return
        await page.wait_for_timeout(1_000)
    await expect(wanted).to_be_visible()


async def test_a_new_organization_is_told_when_there_will_be_figures(log_in: LogIn, sellers: list[Member]) -> None:
    page = await log_in(sellers[0])
    await page.goto("/scoring?tab=model")
    await expect(page.get_by_text("After the first 50 outcomes it is said here")).to_be_visible()
    await expect(page.get_by_text("Nothing yet. It learns from each lead that is won or lost")).to_be_visible()
    await expect(page.get_by_text("There has been no alarm.")).to_be_visible()


async def test_leads_wait_while_scores_are_in_alarm_until_a_manager_says_go_on(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, cleo, _ = sellers
    await lived(app, ada)
    hot = {"field": "band", "operator": "is", "value": "hot"}
    async with app.work(ada) as work:
        await routing.define(work, DefineRule.model_validate({"name": "Hot ones", "conditions": hot}))

    page = await log_in(cleo)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Scoring").press("Enter")
    await expect(page.get_by_text(re.compile(r"On average it said .* from 290 outcomes\."))).to_be_visible()
    await expect(page.get_by_role("table", name="By band").get_by_role("row")).to_have_count(4)
    await expect(page.get_by_role("img", name=re.compile("Log-loss on"))).to_be_visible()
    shifted = page.get_by_role("table", name=re.compile("New leads")).get_by_role("row", name=re.compile("Source"))
    await expect(shifted).to_contain_text("Different")
    wish = page.get_by_role("switch", name=re.compile("wait while scores are in alarm"))
    await wish.press("Space")
    await expect(wish).to_have_attribute("aria-checked", "true")

    await alarmed(app, ada)
    await captured(app, ada)
    go_on = page.get_by_role("button", name="I have looked: go on…")
    waits = page.get_by_text("1 lead of those you see waits now.")
    await shows(page, waits)
    alarms = page.get_by_role("list", name="Alarms, those that stand first")
    await expect(alarms.get_by_role("listitem")).to_have_text(
        [re.compile("“Viewed a page” has stopped coming in"), re.compile("New leads are not as they were: Source")]
    )
    await page.goto("/assignment")
    notice = page.get_by_role("status").filter(has_text="has stopped coming in")
    await expect(notice).to_contain_text("1 lead that would go by the score waits.")
    await notice.get_by_role("link", name="See what is wrong").click()

    await go_on.press("Enter")
    dialog = page.get_by_role("dialog", name="Go by scores in spite of the alarm?")
    await expect(dialog.get_by_label("Why")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_label("Why").fill("The new site has no tracking yet")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("The new site has no tracking yet")).to_be_visible()
    await expect(go_on).to_have_count(0)


async def test_another_goal_is_what_the_pages_speak_of(app: App, log_in: LogIn, sellers: list[Member]) -> None:
    ada = sellers[0]
    await score_by(app, ada, {"goal": "meeting"})
    page = await log_in(ada)
    main = page.get_by_role("main")
    await page.goto("/scoring?tab=model")
    await expect(page.get_by_text("how well the model knows who will come to a meeting")).to_be_visible()
    await expect(page.get_by_text("each lead that comes to a meeting, does not show up or is lost")).to_be_visible()
    await expect(page.get_by_text("which tells best who comes to a meeting")).to_be_visible()
    await expect(main).not_to_contain_text(OF_A_DEAL)

    await lived(app, ada)
    await page.reload()
    await expect(page.get_by_text(re.compile(r"On average it said .* came to a meeting"))).to_be_visible()
    await expect(page.get_by_role("table", name="By band").get_by_role("columnheader", name="Met")).to_be_visible()
    await expect(
        page.get_by_role("img", name=re.compile(r"What was said and what came.*said \d+%, met \d+%"))
    ).to_be_visible()
    await expect(main).not_to_contain_text(OF_A_DEAL)
    hidden = "elements => elements.map(each => (each.title || '') + ' ' + (each.ariaLabel || '') + ' ' + (each.dataset.label || ''))"
    told = await main.locator("[title], [aria-label], [data-label]").evaluate_all(hidden)
    assert [each for each in told if OF_A_DEAL.search(each)] == []

    await page.goto("/scoring")
    learns = "With the first outcomes the score starts to learn who"
    await expect(page.get_by_text(f"{learns} comes to a meeting.")).to_be_visible()
    await page.get_by_label("What counts as a success").select_option("reply")
    await expect(page.get_by_text(f"{learns} answers.")).to_be_visible()


async def test_who_only_sells_is_told_whom_to_ask(log_in: LogIn, sellers: list[Member]) -> None:
    page = await log_in(sellers[2])
    await page.goto("/scoring?tab=model")
    await expect(page.get_by_text("Owners and admins say here what makes a lead hot.")).to_be_visible()
