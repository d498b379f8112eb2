"""What an organization's history says of a lead and of its sources, through the API."""

from datetime import timedelta

from leadflow import leads
from leadflow.api import schemas
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead, CloseLead
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold


async def history(app: App, northwind: Company) -> str:
    """Twenty leads that were won or lost after as many days, and one that is open."""
    at = app.clock.now() - timedelta(days=60)
    async with app.work(northwind.rep) as work:
        for number in range(20):
            command = CaptureLead(email=f"p{number}@acme.example", source="fair", value=100, occurred_at=at)
            lead = (await leads.capture(work, command)).lead_id
            await work.session.flush()
            ended = at + timedelta(days=number + 1)
            await leads.close(work, lead, CloseLead(outcome="won" if number % 4 == 0 else "lost", occurred_at=ended))
        grace = CaptureLead(email="grace@acme.example", phone="+4930123456", source="fair")
        lead = (await leads.capture(work, grace)).lead_id
    await fold(app, northwind.rep.organization_id, "intelligence", "scoring")
    return f"/api/v1/leads/{lead}"


async def test_a_lead_has_a_next_step_and_what_leads_like_it_have_come_to(
    app: App, browser: Opens, northwind: Company
) -> None:
    lead = await history(app, northwind)
    ben = await browser(northwind.rep)
    answer = await ben.get(f"{lead}/intelligence")
    assert answer.status_code == 200
    told = schemas.LeadIntelligence.model_validate(answer.json())
    assert [(step.name, step.does, step.basis) for step in told.steps] == [("first_contact", "call", "rule")]
    time, decision = told.insights
    assert (time.name, time.text, time.missing) == ("best_time", "", 30)
    assert (decision.name, decision.text, decision.evidence) == ("decision", "Half are decided within 10 days", 20)

    closed = await ben.post(f"{lead}/outcome", json={"outcome": "won"})
    assert closed.status_code == 200
    assert (await ben.get(f"{lead}/intelligence")).json() == {"insights": [], "steps": []}


async def test_sources_tell_what_their_leads_have_come_to(app: App, browser: Opens, northwind: Company) -> None:
    await history(app, northwind)
    answer = await (await browser(northwind.viewer)).get("/api/v1/intelligence/sources")
    report = schemas.SourceReport.model_validate(answer.json())
    (fair,) = report.items
    assert (fair.source, fair.leads, fair.won, fair.lost, fair.too_young) == ("fair", 21, 5, 15, 1)
    assert fair.median_days_to_win == 9
    assert fair.conversion is not None
    assert fair.conversion_low is not None
    assert fair.conversion_high is not None
    assert 0 < fair.conversion_low < fair.conversion < fair.conversion_high < 1
    assert fair.won_value == [schemas.MoneyItem(currency="EUR", value=500)]


async def test_mallory_gets_nothing(app: App, browser: Opens, northwind: Company, mallory: Member) -> None:
    lead = await history(app, northwind)
    thief = await browser(mallory)
    assert (await thief.get(f"{lead}/intelligence")).status_code == 404
    assert (await thief.get("/api/v1/intelligence/sources")).json()["items"] == []
