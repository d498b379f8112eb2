"""Offers, claims and territories through the API."""

from typing import Any

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

RULES, OFFERS, TERRITORIES = "/api/v1/assignment-rules", "/api/v1/offers", "/api/v1/territories"


async def test_the_first_has_it_and_the_others_hear_who(app: App, browser: Opens, northwind: Company) -> None:
    owner, rep, manager = await browser(northwind.owner), await browser(northwind.rep), await browser(northwind.manager)
    pool = {"people": [str(northwind.rep.actor.id), str(northwind.manager.actor.id)]}
    rule = {"name": "Race", "pool": pool, "strategy": "first_to_claim", "options": {"minutes": 15}}
    assert (await owner.post(RULES, json=rule)).status_code == 201
    async with app.work(northwind.owner) as work:
        lead = str((await leads.capture(work, CaptureLead(name="Grace", company="Acme"))).lead_id)
    await fold(app, northwind.owner.organization_id, "routing")

    offers = (await rep.get(OFFERS)).json()
    (offer,) = offers["items"]
    assert (offers["total"], offer["id"], offer["company"], offer["rule"]) == (1, lead, "Acme", "Race")
    assert offer["until"] - offer["offered_at"] == 15 * 60_000
    assert (await owner.get(OFFERS)).json() == {"items": [], "total": 0}

    claim = f"/api/v1/leads/{lead}/claim"
    assert (await owner.post(claim)).status_code == 403
    claimed = await rep.post(claim)
    assert (claimed.status_code, claimed.json()["lead"]["owner"]) == (200, str(northwind.rep.actor.id))
    assert (await rep.post(claim)).status_code == 200
    late = await manager.post(claim)
    assert late.status_code == 409
    assert late.json()["detail"] == f"{northwind.rep.name} has taken this lead."
    assert (await manager.get(OFFERS)).json()["items"] == []
    proofs = (await rep.get(f"/api/v1/leads/{lead}/assignments")).json()["items"]
    assert [proof["how"] for proof in proofs] == ["claimed", "offered"]
    timeline = (await rep.get(f"/api/v1/leads/{lead}/timeline?kinds=lead")).json()["items"]
    told = [(each["title"], each["detail"]) for each in timeline if each["kind"] in {"lead.offered", "lead.assigned"}]
    assert told == [("Assigned", f"{northwind.rep.name} · claimed"), ("Offered", "to 2 people")]


async def test_a_territory_from_its_making_to_its_end(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    postcode: dict[str, Any] = {"field": "custom.postcode", "operator": "starts with", "value": "8"}
    body = {"name": "South", "conditions": postcode, "pool": {"everybody": True}}
    made = await client.post(TERRITORIES, json=body)
    assert made.status_code == 201
    south = made.json()
    assert (south["conditions"], south["position"]) == (postcode, 0)
    assert (await client.post(TERRITORIES, json=body)).json()["errors"][0]["field"] == "name"
    first = (await client.post(TERRITORIES, json={**body, "name": "North", "position": 0})).json()
    listed = (await client.get(TERRITORIES)).json()["items"]
    assert [each["name"] for each in listed] == ["North", "South"]
    inside = {"field": "territory", "operator": "is", "value": "North"}
    refused = await client.put(f"{TERRITORIES}/{south['id']}", json={**body, "conditions": inside})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "conditions")
    await client.post(RULES, json={"name": "Northern", "conditions": inside})
    in_use = await client.delete(f"{TERRITORIES}/{first['id']}")
    assert (in_use.status_code, "Northern" in in_use.json()["detail"]) == (409, True)
    assert (await client.delete(f"{TERRITORIES}/{south['id']}")).status_code == 204
    assert (await client.get(f"{TERRITORIES}")).json()["items"] == [first]
