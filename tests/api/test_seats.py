"""Seats, usage, and invitations by mail as the JSON interface and a browser without JavaScript meet them."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from leadflow.api import guard
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.tenancy import seats
from leadflow.tenancy.commands import SetSeats
from leadflow.tenancy.service import system_scope
from tests.api.conftest import Opens, Site
from tests.fixtures.cast import PASSWORD, Member
from tests.fixtures.post import mail_to


async def allow(app: App, member: Member, number: int | None) -> None:
    async with app.work(system_scope(member.organization_id)) as work:
        await seats.set_seats(work, SetSeats(seats=number))


def new_address() -> str:
    return f"guest.{uuid4().hex[:10]}@guest.example"


async def invite(client: httpx.AsyncClient, email: str = "", **fields: Any) -> httpx.Response:
    body = {"email": email or new_address(), "role": "rep", **fields}
    return await client.post("/api/v1/invitations", json=body)


async def test_usage_counts_people_invitations_leads_and_keys(
    browser: Opens, app: App, ada: Member, mallory: Member
) -> None:
    client = await browser(ada)
    before = (await client.get("/api/v1/organization/usage")).json()
    assert before["seats"] == {"limit": None, "used": 4, "reserved": 0, "free": None}
    assert (before["leads"], before["api_keys"], before["forms"]) == (0, 0, 0)
    await client.post("/api/v1/leads", json={"email": f"{uuid4().hex}@lead.example"})
    key = (await client.post("/api/v1/api-keys", json={"name": "site", "scopes": ["leads.read"]})).json()
    await client.post("/api/v1/forms", json={"title": "Contact", "fields": ["email"]})
    await invite(client)
    await allow(app, ada, 6)
    after = (await client.get("/api/v1/organization/usage")).json()
    assert after["seats"] == {"limit": 6, "used": 4, "reserved": 1, "free": 1}
    assert (after["leads"], after["api_keys"], after["forms"]) == (1, 1, 1)
    assert before["events"] < after["events"] < after["most"]
    await client.delete(f"/api/v1/api-keys/{key['id']}")
    assert (await client.get("/api/v1/organization/usage")).json()["api_keys"] == 0
    hers = (await (await browser(mallory)).get("/api/v1/organization/usage")).json()
    assert (hers["seats"]["used"], hers["seats"]["reserved"], hers["leads"]) == (1, 0, 0)


async def test_a_full_organization_says_so_and_how_to_go_on(browser: Opens, app: App, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    await allow(app, ada, 5)
    answers = await asyncio.gather(*(invite(client, mail=False) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert (refused["type"], refused["title"]) == ("urn:leadflow:problem:seats-taken", "Every seat is taken")
    assert "ask whoever runs this installation" in refused["detail"]
    path = f"/api/v1/people/{ben.actor.id}"
    assert (await client.patch(path, json={"suspended": True})).status_code == 200
    assert (await invite(client, mail=False)).status_code == 201
    back = await client.patch(path, json={"suspended": False})
    assert (back.status_code, back.json()["type"]) == (409, "urn:leadflow:problem:seats-taken")
    people = (await client.get("/api/v1/people")).json()["items"]
    assert {each["name"]: each["state"] for each in people}["Ben"] == "suspended"


async def test_with_fewer_seats_than_invitations_those_join_who_come_first(
    browser: Opens, site: Site, app: App, ada: Member
) -> None:
    client = await browser(ada)
    links = [(await invite(client, mail=False)).json()["url"].removeprefix("http://testserver") for _ in range(2)]
    await allow(app, ada, 5)
    async with site.client(headers={"origin": "http://testserver"}) as guest:
        joined = await guest.post(links[0], data={"name": "Gus", "password": PASSWORD})
        assert joined.status_code == 303
    async with site.client(headers={"origin": "http://testserver"}) as guest:
        refused = await guest.post(links[1], data={"name": "Lena", "password": PASSWORD})
        assert (refused.status_code, "no seat for you right now" in refused.text) == (409, True)
        await allow(app, ada, None)
        assert (await guest.post(links[1], data={"name": "Lena", "password": PASSWORD})).status_code == 303


async def test_an_invitation_is_mailed_and_its_link_is_in_the_mail_alone(
    browser: Opens, site: Site, app: App, ada: Member
) -> None:
    client, email = await browser(ada), new_address()
    made = await invite(client, email)
    assert (made.status_code, made.json()["url"], made.json()["mail"]) == (201, None, "waiting")
    (mail,) = await mail_to(app, email)
    (listed,) = (await client.get("/api/v1/invitations")).json()["items"]
    assert (listed["mail"], listed["mailed_at"] is not None, "url" in listed) == ("sent", True, False)
    async with site.client(headers={"origin": "http://testserver"}) as guest:
        path = f"{mail.path}/{mail.token}"
        assert "Join Northwind" in (await guest.get(path)).text
        assert (await guest.post(path, data={"name": "Gus", "password": PASSWORD})).status_code == 303
        assert (await guest.get("/api/v1/me")).json()["account"]["email_verified"] is True
    assert mail.token not in (await client.get("/api/v1/audit")).text


async def test_it_is_mailed_again_or_shown_and_the_link_before_is_void(
    browser: Opens, anonymous: httpx.AsyncClient, app: App, ada: Member
) -> None:
    client, email = await browser(ada), new_address()
    made = (await invite(client, email, days=1)).json()
    (first,) = await mail_to(app, email)
    renew = f"/api/v1/invitations/{made['id']}/renew"
    again = await client.post(renew, json={})
    assert (again.status_code, again.json()["url"], again.json()["mail"]) == (201, None, "waiting")
    assert again.json()["expires_at"] > made["expires_at"]
    assert (await anonymous.get(f"/join/{first.token}")).status_code == 404
    _, second = await mail_to(app, email)
    assert (await anonymous.get(f"/join/{second.token}")).status_code == 200
    shown = (await client.post(renew, json={"mail": False})).json()
    assert (shown["mail"], shown["mailed_at"] is not None) == (None, True)
    assert (await anonymous.get(f"/join/{second.token}")).status_code == 404
    assert (await anonymous.get(shown["url"].removeprefix("http://testserver"))).status_code == 200
    assert (await client.delete(f"/api/v1/invitations/{made['id']}")).status_code == 204
    assert (await client.post(renew, json={})).status_code == 404


async def test_nobody_is_mailed_without_end(browser: Opens, still: FixedClock, ada: Member) -> None:
    client, email = await browser(ada), new_address()
    answers = [await invite(client, email) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert "mailed often enough for now" in answers[-1].json()["detail"]
    assert int(answers[-1].headers["retry-after"]) > 0
    made = (await invite(client)).json()
    renew = f"/api/v1/invitations/{made['id']}/renew"
    assert [(await client.post(renew, json={})).status_code for _ in range(6)] == [201] * 5 + [429]
    assert (await client.post(renew, json={"mail": False})).status_code == 201


async def test_mallory_does_not_use_up_what_ada_may_mail(
    browser: Opens, still: FixedClock, ada: Member, mallory: Member
) -> None:
    hers, his, email = await browser(ada), await browser(mallory), new_address()
    made = (await invite(hers, email)).json()
    for _ in range(6):
        await invite(his, email)
        assert (await his.post(f"/api/v1/invitations/{made['id']}/renew", json={})).status_code in {404, 429}
    assert (await hers.post(f"/api/v1/invitations/{made['id']}/renew", json={})).status_code == 201
    assert (await invite(hers, email)).status_code == 201


async def test_without_mail_the_link_is_shown(
    browser: Opens, app: App, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await browser(ada)
    assert (await client.get("/api/v1/me")).json()["mail"] == "caught"
    monkeypatch.setattr(app.settings, "mail_catcher", False)
    assert (await client.get("/api/v1/me")).json()["mail"] == "none"
    made = (await invite(client)).json()
    assert made["mail"] is None
    assert made["url"].startswith("http://testserver/join/")


async def test_the_way_in_is_not_written_into_the_log(
    anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[dict[str, object]] = []

    class Log:
        def info(self, _event: str, **facts: object) -> None:
            written.append(facts)

        debug = info

    monkeypatch.setattr(guard, "log", Log())
    await anonymous.get("/join/a-token-that-nobody-may-read")
    assert [facts["path"] for facts in written] == ["/join/…"]
