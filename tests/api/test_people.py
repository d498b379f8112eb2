"""People, teams, roles and invitations as the JSON interface and a browser without JavaScript meet them."""

from typing import Any
from uuid import uuid4

import httpx

from tests.api.conftest import Opens, Site
from tests.fixtures.cast import PASSWORD, Member


async def invited(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"email": f"guest.{uuid4().hex[:10]}@guest.example", "role": "rep", "mail": False, **fields}
    answer = await client.post("/api/v1/invitations", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_team_is_made_filled_renamed_and_dissolved(browser: Opens, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    top = (await client.post("/api/v1/teams", json={"name": "Central"})).json()
    low = (await client.post("/api/v1/teams", json={"name": "Berlin", "parent": top["id"]})).json()
    assert low == {"id": low["id"], "name": "Berlin", "parent": top["id"]}
    moved = (await client.patch(f"/api/v1/people/{ben.actor.id}", json={"team": low["id"]})).json()
    assert (moved["team"], moved["role"], moved["role_name"], moved["state"]) == (low["id"], "rep", "Rep", "active")
    renamed = (await client.patch(f"/api/v1/teams/{low['id']}", json={"name": "Potsdam"})).json()
    assert (renamed["name"], renamed["parent"]) == ("Potsdam", top["id"])
    assert (await client.delete(f"/api/v1/teams/{low['id']}")).status_code == 204
    people = {each["name"]: each["team"] for each in (await client.get("/api/v1/people")).json()["items"]}
    assert people["Ben"] == top["id"]
    assert [team["name"] for team in (await client.get("/api/v1/teams")).json()["items"]] == ["Central"]


async def test_bad_input_names_its_field(browser: Opens, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    for method, path, body, field in (
        ("POST", "/teams", {"name": " "}, "name"),
        ("POST", "/teams", {"name": "x", "parent": str(uuid4())}, "parent"),
        ("PATCH", f"/people/{ben.actor.id}", {"role": "chief"}, "role"),
        ("PATCH", f"/people/{ben.actor.id}", {"team": str(uuid4())}, "team"),
        ("PATCH", f"/people/{ada.actor.id}", {"suspended": True}, "suspended"),
        ("POST", "/roles", {"name": "x", "grants": {"people.manage": "team"}}, "grants.people.manage"),
        ("POST", "/invitations", {"email": "nobody", "role": "rep"}, "email"),
        ("POST", f"/people/{ben.actor.id}/offboard", {"to": str(uuid4())}, "to"),
    ):
        answer = await client.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == 422, (path, answer.text)
        assert [problem["field"] for problem in answer.json()["errors"]] == [field]


async def test_rights_are_felt_with_the_next_request(browser: Opens, ada: Member, ben: Member) -> None:
    his, hers = await browser(ben), await browser(ada)
    lead = (await his.post("/api/v1/leads", json={"email": f"{uuid4().hex}@lead.example"})).json()["lead"]["id"]
    role = (await hers.post("/api/v1/roles", json={"name": "Own", "grants": {"leads.read": "own"}})).json()
    await hers.patch(f"/api/v1/people/{ben.actor.id}", json={"role": role["id"]})
    assert (await his.get(f"/api/v1/leads/{lead}")).status_code == 404
    assert (await his.post("/api/v1/leads", json={"email": "x@lead.example"})).status_code == 403
    await hers.put(f"/api/v1/roles/{role['id']}", json={"name": "Own", "grants": {"leads.read": "all"}})
    assert (await his.get(f"/api/v1/leads/{lead}")).status_code == 200
    await hers.patch(f"/api/v1/people/{ben.actor.id}", json={"suspended": True})
    assert (await his.get(f"/api/v1/leads/{lead}")).status_code == 401


async def test_an_invitation_is_shown_once_and_leads_in(browser: Opens, site: Site, ada: Member) -> None:
    client = await browser(ada)
    made = await invited(client, days=3)
    (listed,) = (await client.get("/api/v1/invitations")).json()["items"]
    assert listed == {key: value for key, value in made.items() if key != "url"}
    path = made["url"].removeprefix("http://testserver")
    async with site.client(headers={"origin": "http://testserver"}) as guest:
        page = await guest.get(path)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert "Join Northwind" in page.text
        refused = await guest.post(path, data={"name": "Gus", "password": "short"})
        assert (refused.status_code, "at least" in refused.text.lower(), 'value="Gus"' in refused.text) == (
            422,
            True,
            True,
        )
        joined = await guest.post(path, data={"name": "Gus", "password": PASSWORD})
        assert (joined.status_code, joined.headers["location"]) == (303, "/")
        me = (await guest.get("/api/v1/me")).json()
        assert (me["account"]["name"], me["organization"]["name"], me["role"]) == ("Gus", "Northwind", "rep")
        assert (await guest.get(path)).status_code == 404
    assert (await client.get("/api/v1/invitations")).json()["items"] == []


async def test_a_replayed_answer_does_not_show_the_link_again(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    body = {"email": f"guest.{uuid4().hex[:10]}@guest.example", "role": "rep", "mail": False}
    first, again = [
        (await client.post("/api/v1/invitations", json=body, headers={"idempotency-key": "invite"})).json()
        for _ in range(2)
    ]
    assert first["url"] is not None
    assert again == {**first, "url": None}


async def test_a_link_that_is_none_is_a_page_that_says_so(site: Site) -> None:
    async with site.client() as guest:
        for token in ("nothing", "%00", "a" * 500):
            answer = await guest.get(f"/join/{token}")
            assert answer.status_code in {400, 404}, token
            assert "invitation" in answer.text or answer.status_code == 400


async def test_a_key_reaches_its_team_and_those_below(
    browser: Opens, site: Site, ada: Member, ben: Member, cleo: Member
) -> None:
    client = await browser(ada)
    top = (await client.post("/api/v1/teams", json={"name": "Central"})).json()["id"]
    low = (await client.post("/api/v1/teams", json={"name": "Berlin", "parent": top})).json()["id"]
    await client.patch(f"/api/v1/people/{ben.actor.id}", json={"team": low})
    leads = []
    for owner in (ben, cleo):
        body = {"email": f"{uuid4().hex}@lead.example"}
        leads.append((await client.post("/api/v1/leads", json=body)).json()["lead"]["id"])
        await client.patch(f"/api/v1/leads/{leads[-1]}", json={"owner": str(owner.actor.id)})
    key = {"name": "Central", "scopes": ["leads.read", "leads.write"], "team": top}
    made = (await client.post("/api/v1/api-keys", json=key)).json()
    assert made["team"] == top
    async with site.client(headers={"authorization": f"Bearer {made['key']}"}) as system:
        seen = [item["id"] for item in (await system.get("/api/v1/leads")).json()["items"]]
        assert seen == [leads[0]]
        assert (await system.patch(f"/api/v1/leads/{leads[1]}", json={"name": "No"})).status_code == 404
    assert (await client.delete(f"/api/v1/teams/{top}")).status_code == 409
    assert (await client.delete(f"/api/v1/api-keys/{made['id']}")).status_code == 204
    assert (await client.delete(f"/api/v1/teams/{top}")).status_code == 204


async def test_a_key_is_replaced_without_a_gap(browser: Opens, site: Site, ada: Member) -> None:
    client = await browser(ada)
    old = (await client.post("/api/v1/api-keys", json={"name": "site", "scopes": ["leads.read"]})).json()
    new = (await client.post(f"/api/v1/api-keys/{old['id']}/rotate", json={})).json()
    assert (new["name"], new["scopes"], new["key"] != old["key"]) == ("site", ["leads.read"], True)
    for each in (old, new):
        async with site.client(headers={"authorization": f"Bearer {each['key']}"}) as system:
            assert (await system.get("/api/v1/leads")).status_code == 200
    last = (await client.post(f"/api/v1/api-keys/{new['id']}/rotate", json={"overlap_hours": 0})).json()
    async with site.client(headers={"authorization": f"Bearer {new['key']}"}) as system:
        assert (await system.get("/api/v1/leads")).status_code == 401
    assert (await client.post(f"/api/v1/api-keys/{new['id']}/rotate", json={})).status_code == 404
    assert last["expires_at"] is None


async def test_somebody_of_two_organizations_switches_and_nobody_else_does(
    browser: Opens, site: Site, ada: Member, mallory: Member
) -> None:
    made = await invited(await browser(ada), email=mallory.email)
    client = await browser(mallory)
    path = made["url"].removeprefix("http://testserver")
    assert (await client.post(path, data={"password": PASSWORD})).status_code == 303
    me = (await client.get("/api/v1/me")).json()
    assert (me["organization"]["name"], {each["name"] for each in me["organizations"]}) == (
        "Northwind", {"Northwind", "Rival"}
    )  # fmt: skip
    back = await client.post("/switch", data={"organization": str(mallory.organization_id)})
    assert (back.status_code, back.headers["location"]) == (303, "/")
    me = (await client.get("/api/v1/me")).json()
    assert (me["organization"]["id"], me["role"]) == (str(mallory.organization_id), "owner")
    hers = await browser(ada)
    for stranger in (str(mallory.organization_id), str(uuid4()), "nothing"):
        assert (await hers.post("/switch", data={"organization": stranger})).status_code == 404
    assert (await hers.get("/api/v1/me")).json()["organization"]["id"] == str(ada.organization_id)
