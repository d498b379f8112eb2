"""What would lift a lead, and what is worth finding out about it, through the API."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.leads import CaptureLead, CloseLead, RecordBehaviour
from leadflow.scoring.whatif.worth import FEWEST_LEADS
from tests.api.conftest import Opens
from tests.api.test_field_rights import give
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

NOTHING: dict[str, Any] = {"target": None, "ways": [], "nearest": None, "worth": []}


async def captured(app: App, member: Member, **fields: Any) -> UUID:
    async with app.work(member) as work:
        return (await leads.capture(work, CaptureLead(**fields))).lead_id


async def ask(client: httpx.AsyncClient, lead: UUID) -> dict[str, Any]:
    answered = await client.get(f"/api/v1/leads/{lead}/score/whatif")
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def look(client: httpx.AsyncClient, lead: UUID) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/v1/leads/{lead}")).json()
    return found


@pytest.fixture
async def lead(app: App, northwind: Company) -> UUID:
    """A lead without title or phone, among others that have both."""
    for number in range(FEWEST_LEADS + 5):
        title = "CEO" if number % 2 else "Accountant"
        await captured(app, northwind.rep, email=f"p{number}@acme.example", title=title, phone=f"+4930123{number:04}")
    lead_id = await captured(app, northwind.rep, email="grace@acme.example", company="Acme")
    await fold(app, northwind.rep.organization_id, "scoring")
    return lead_id


async def test_what_is_suggested_comes_true(app: App, browser: Opens, northwind: Company, lead: UUID) -> None:
    ben = await browser(northwind.rep)
    found = await ask(ben, lead)
    before = (await look(ben, lead))["lead"]["score"]
    [way] = [each for each in found["ways"] if each["changes"] == ["A demo request"]]
    assert (found["target"], way["says"]) == ("warm", f"A demo request would make it {way['band']}")
    assert way["lift"] == way["score"] - before
    async with app.work(northwind.rep) as work:
        await leads.record_behaviour(work, [RecordBehaviour(kind="demo_requested", lead_id=lead)])
    await fold(app, northwind.rep.organization_id, "scoring")
    page = await look(ben, lead)
    assert (page["lead"]["score"], page["lead"]["band"]) == (way["score"], way["band"])
    change = page["change"]
    assert (change["before"], change["score"]) == (None, way["score"])
    assert {cause["label"]: cause["points"] for cause in change["causes"]}["Asked for a demo"] == way["lift"]


async def test_what_is_worth_finding_says_on_how_many_leads_it_rests(
    browser: Opens, northwind: Company, lead: UUID
) -> None:
    found = {each["field"]: each for each in (await ask(await browser(northwind.rep), lead))["worth"]}
    assert found["title"]["label"] == "Job title"
    assert found["title"]["leads"] == FEWEST_LEADS + 5
    assert found["title"]["points"] > 0
    assert (found["phone"]["label"], found["phone"]["by"]) == ("Phone number", "hand")


async def test_hidden_fields_are_not_spoken_of(app: App, browser: Opens, northwind: Company, lead: UUID) -> None:
    hidden = {LeadField.TITLE: FieldLevel.NONE, LeadField.PHONE: FieldLevel.NONE}
    await give(app, northwind.owner, northwind.rep, hidden)
    answered = await (await browser(northwind.rep)).get(f"/api/v1/leads/{lead}/score/whatif")
    assert answered.status_code == 200
    assert "title" not in answered.text.lower()
    assert "phone" not in answered.text.lower()


async def test_a_lead_that_is_closed_or_not_scored_yet_is_left_alone(
    app: App, browser: Opens, northwind: Company, lead: UUID
) -> None:
    ben = await browser(northwind.rep)
    async with app.work(northwind.rep) as work:
        await leads.close(work, lead, CloseLead(outcome="won"))
    assert await ask(ben, lead) == NOTHING
    assert await ask(ben, await captured(app, northwind.rep, email="new@acme.example")) == NOTHING


async def test_mallory_learns_nothing(browser: Opens, northwind: Company, mallory: Member, lead: UUID) -> None:
    hers = await browser(mallory)
    assert (await hers.get(f"/api/v1/leads/{lead}/score/whatif")).status_code == 404
