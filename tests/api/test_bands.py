"""Holding a lead in a band, through the API."""

from typing import Any

import httpx

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from tests.api.conftest import Opens
from tests.fixtures.cast import Company
from tests.fixtures.installation import fold

DAY = 24 * 3_600_000


async def captured(app: App, northwind: Company) -> str:
    async with app.work(northwind.rep) as work:
        lead = (await leads.capture(work, CaptureLead(email="grace@acme.example"))).lead_id
    await fold(app, northwind.rep.organization_id, "scoring")
    return f"/api/v1/leads/{lead}"


async def score(client: httpx.AsyncClient, lead: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(lead)).json()["score"]
    return found


async def test_a_band_from_holding_it_to_letting_it_go(app: App, browser: Opens, northwind: Company) -> None:
    ben = await browser(northwind.rep)
    lead = await captured(app, northwind)
    before = await score(ben, lead)
    assert (before["band"], before["automatic_band"], before["held"], before["flaps"]) == ("cold", "cold", None, 0)

    body = {"band": "hot", "hours": 24, "reason": "Met at the fair"}
    held = await ben.put(f"{lead}/band", json=body)
    assert held.status_code == 200
    row = held.json()["lead"]
    assert row["band"] == "hot"
    now = await score(ben, lead)
    assert (now["band"], now["automatic_band"]) == ("hot", "cold")
    assert now["held"] == {"until": row["held_until"], "by": northwind.rep.name, "reason": "Met at the fair"}
    listed = (await ben.get("/api/v1/leads", params={"band": "hot"})).json()["items"]
    assert [(each["id"], each["held_until"]) for each in listed] == [(row["id"], row["held_until"])]

    for _ in range(2):
        assert (await ben.delete(f"{lead}/band")).status_code == 204
    after = await score(ben, lead)
    assert (after["band"], after["held"]) == ("cold", None)


async def test_seven_days_are_usual_and_a_repeated_request_is_answered_the_same(
    app: App, browser: Opens, northwind: Company
) -> None:
    ben = await browser(northwind.rep)
    lead = await captured(app, northwind)
    key = {"Idempotency-Key": "once"}
    first = await ben.put(f"{lead}/band", json={"band": "warm"}, headers=key)
    again = await ben.put(f"{lead}/band", json={"band": "warm"}, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    days = (first.json()["lead"]["held_until"] - app.clock.now().timestamp() * 1000) / DAY
    assert 6.9 < days <= 7
    told = (await ben.get(f"{lead}/timeline", params={"kinds": "lead"})).json()["items"]
    assert [each["title"] for each in told].count("Held by hand") == 1


async def test_what_cannot_be_is_refused_with_words(app: App, browser: Opens, northwind: Company) -> None:
    ben, vera = await browser(northwind.rep), await browser(northwind.viewer)
    lead = await captured(app, northwind)
    refused = [
        await ben.put(f"{lead}/band", json=body)
        for body in (
            {"band": "lukewarm"},
            {"band": "hot", "hours": 0.5},
            {"band": "hot", "until": "2020-01-01T00:00:00Z"},
            {"band": "hot", "until": "2020-01-01T00:00:00Z", "hours": 2},
            {"band": "hot", "hours": 2, "why": "typo"},
        )
    ]
    assert {answer.status_code for answer in refused} == {422}
    assert all(answer.json()["errors"][0]["message"] for answer in refused)
    assert (await vera.put(f"{lead}/band", json={"band": "hot"})).status_code == 403
    assert (await vera.delete(f"{lead}/band")).status_code == 403
    assert (await ben.post(f"{lead}/outcome", json={"outcome": "lost"})).status_code == 200
    closed = await ben.put(f"{lead}/band", json={"band": "hot"})
    assert (closed.status_code, closed.json()["title"]) == (409, "This lead is won or lost")
    assert (await score(ben, lead))["held"] is None
