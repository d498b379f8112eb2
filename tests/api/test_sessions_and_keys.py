"""Sessions and API keys: listed, shown once, and over at once when they are ended."""

import asyncio
from typing import Any

from leadflow.api import schemas
from leadflow.api.principal import Principals
from leadflow.bootstrap import App
from leadflow.settings import Settings
from tests.api.conftest import ORIGIN, Opens, Site
from tests.fixtures.cast import Member
from tests.fixtures.sockets import AsgiSocket


async def test_a_person_sees_their_own_sessions_and_which_one_asks(browser: Opens, ada: Member, ben: Member) -> None:
    await browser(ben)
    await browser(ada)
    client = await browser(ada)
    found = schemas.Sessions.model_validate((await client.get("/api/v1/sessions")).json()).items
    assert [session.current for session in found] == [True, False]


async def test_an_ended_session_is_over_in_every_process_and_on_open_sockets(
    browser: Opens, ada: Member, app: App, site: Site
) -> None:
    elsewhere = Principals(app)
    listening = asyncio.create_task(elsewhere.listen())
    first, second = await browser(ada), await browser(ada)
    token = first.cookies["leadflow"]
    await asyncio.sleep(0.1)
    principal = await elsewhere.by_session(token)
    assert principal is not None
    async with AsgiSocket(site.asgi, "/api/live", {"origin": ORIGIN, "cookie": f"leadflow={token}"}) as socket:
        assert socket.is_accepted
        await socket.send({"op": "ping"})
        assert await socket.receive() == {"op": "pong"}
        assert (await second.delete(f"/api/v1/sessions/{principal.id}")).status_code == 204
        assert await socket.receive() == {"op": "bye", "reason": "session_ended"}
        assert await socket.receive() is None
        assert socket.closed == 4401
    assert (await first.get("/api/v1/me")).status_code == 401
    assert await elsewhere.by_session(token) is None
    listening.cancel()
    assert (await second.get("/api/v1/me")).status_code == 200


async def test_nobody_ends_a_colleagues_session(browser: Opens, ada: Member, ben: Member) -> None:
    his, hers = await browser(ben), await browser(ada)
    session = (await his.get("/api/v1/sessions")).json()["items"][0]["id"]
    assert (await hers.delete(f"/api/v1/sessions/{session}")).status_code == 404
    assert (await his.get("/api/v1/me")).status_code == 200


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(browser: Opens, ada: Member, site: Site) -> None:
    client = await browser(ada)
    made = await client.post("/api/v1/api-keys", json={"name": "Website", "scopes": ["leads.write"]})
    key = schemas.NewKey.model_validate(made.json())
    assert key.key is not None
    assert key.key.startswith(key.prefix)
    listed = await client.get("/api/v1/api-keys")
    assert schemas.Keys.model_validate(listed.json()).items[0].name == "Website"
    assert key.key not in listed.text
    async with site.client(headers={"authorization": f"Bearer {key.key}"}) as website:
        assert (await website.post("/api/v1/leads", json={"email": "a@example.com"})).status_code == 201
        assert (await client.delete(f"/api/v1/api-keys/{key.id}")).status_code == 204
        assert (await website.post("/api/v1/leads", json={"email": "b@example.com"})).status_code == 401


async def test_a_key_cannot_be_given_more_than_keys_may_have(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    for scopes in (["keys.manage"], ["sessions.own"], ["everything"], []):
        answer = await client.post("/api/v1/api-keys", json={"name": "x", "scopes": scopes})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "scopes"
    assert (await client.get("/api/v1/api-keys")).json()["items"] == []


async def test_me_says_what_one_may(browser: Opens, system: Any, viewer: Member, ada: Member) -> None:
    me = schemas.Me.model_validate((await (await browser(viewer)).get("/api/v1/me")).json())
    assert me.permissions == ["insight.read", "leads.read", "sessions.own"]
    key = schemas.Me.model_validate((await (await system(ada, "events.write")).get("/api/v1/me")).json())
    assert (key.account, key.role, key.organization.name) == (None, "api_key", "Northwind")


async def test_people_have_initials(browser: Opens, viewer: Member) -> None:
    people = schemas.People.model_validate((await (await browser(viewer)).get("/api/v1/people")).json()).items
    assert [(person.name, person.initials) for person in people] == [
        ("Ada", "A"),
        ("Ben", "B"),
        ("Cleo", "C"),
        ("Vera", "V"),
    ]


async def test_a_principal_is_looked_up_once_in_five_seconds(app: App, browser: Opens, ada: Member) -> None:
    token = (await browser(ada)).cookies["leadflow"]
    principals = Principals(app)
    first = await principals.by_session(token)
    assert await principals.by_session(token) is first
    principals.forget_all()
    assert await principals.by_session(token) is not first


async def test_a_session_that_ends_while_it_is_looked_up_is_not_remembered(
    app: App, browser: Opens, ada: Member, settings: Settings
) -> None:
    token = (await browser(ada)).cookies["leadflow"]
    principals = Principals(app)
    looking = asyncio.create_task(principals.by_session(token))
    await asyncio.sleep(0)
    principals.forget_all()
    first = await looking
    assert first is not None
    assert await principals.by_session(token) is not first
