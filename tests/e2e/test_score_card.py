"""The score card, on a lead's page and on the board."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead, RecordBehaviour
from leadflow.scoring.whatif.worth import FEWEST_LEADS
from tests.e2e.people import card, column, is_live
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

LogIn = Callable[..., Awaitable[Page]]


async def happens(app: App, member: Member, lead: str, *kinds: str) -> None:
    for kind in kinds:
        async with app.work(member) as work:
            command = RecordBehaviour.model_validate({"kind": kind, "lead_id": lead})
            await leads.record_behaviour(work, [command])
    await fold(app, member.organization_id, "scoring")


async def arrange(app: App, member: Member) -> str:
    """A lead of whom little is known, among others whose titles are."""
    async with app.work(member) as work:
        for number in range(FEWEST_LEADS):
            title = "CEO" if number % 2 else "Accountant"
            await leads.capture(work, CaptureLead(email=f"p{number}@lead.example", title=title))
        some_time_ago = work.clock.now() - timedelta(hours=2)
        command = CaptureLead(name="Grace", email="grace@lead.example", occurred_at=some_time_ago)
        captured = await leads.capture(work, command)
    await fold(app, member.organization_id, "scoring")
    return str(captured.lead_id)


async def test_a_rep_reads_what_moved_the_score_and_what_would_lift_it(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    lead = await arrange(app, northwind.rep)
    ben = await log_in(northwind.rep)
    await ben.goto(f"/leads/{lead}")
    scorecard = ben.get_by_role("region", name="Score", exact=True)
    await expect(scorecard).to_contain_text("Your rules alone: there is no outcome yet to learn from")
    await expect(scorecard).to_contain_text("A demo request would make it warm")
    await expect(scorecard).to_contain_text("Job title")
    await expect(scorecard).to_contain_text(f"As with {FEWEST_LEADS} leads of yours")

    await happens(app, northwind.rep, lead, "demo_requested")
    change = scorecard.get_by_role("region", name="Last change")
    await expect(change).to_contain_text("Asked for a demo")
    await expect(scorecard.get_by_text("What would make it hot")).to_be_visible()
    await expect(scorecard).to_contain_text("would make it hot")

    await scorecard.get_by_text("Worth finding out").focus()
    await ben.keyboard.press("Enter")
    await expect(scorecard.get_by_text("Job title")).to_be_hidden()


async def test_a_card_shows_the_course_of_the_score_while_it_changes(
    app: App, log_in: LogIn, northwind: Company
) -> None:
    ben = await log_in(northwind.rep)
    await is_live(ben)
    lead = await arrange(app, northwind.rep)
    course = card(ben, "Grace").get_by_role("img", name="Score over the last days")
    cards = column(ben, "new").locator(".lf-column__cards")
    await expect(column(ben, "new").locator(".lf-column__count")).to_have_text(str(FEWEST_LEADS + 1))
    await cards.evaluate("(cards) => cards.scrollTo(0, cards.scrollHeight)")
    await expect(card(ben, "Grace")).to_be_visible()
    await happens(app, northwind.rep, lead, "demo_requested")
    await cards.evaluate("(cards) => cards.scrollTo(0, 0)")
    await expect(course).to_be_visible()
