"""The live feed through the whole door: what one organization does, it sees, and nobody else."""

import asyncio
from contextlib import AsyncExitStack, nullcontext, suppress
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketState

from leadflow.api.deps import SEND
from leadflow.api.live import Socket
from leadflow.bootstrap import App
from tests.api.conftest import ORIGIN, Opens, Site
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.fixtures.sockets import AsgiSocket

BOARD: dict[str, Any] = {"op": "subscribe", "id": "b1", "view": "board", "filter": {}, "since": None}


async def headers(browser: Opens, member: Member) -> dict[str, str]:
    token = (await browser(member)).cookies["leadflow"]
    return {"origin": ORIGIN, "cookie": f"leadflow={token}"}


async def test_a_lead_posted_to_the_api_is_on_the_colleagues_board_and_on_nobody_elses(
    site: Site, browser: Opens, ada: Member, ben: Member, mallory: Member
) -> None:
    his, theirs = await headers(browser, ben), await headers(browser, mallory)
    async with (
        AsgiSocket(site.asgi, "/api/live", his) as colleague,
        AsgiSocket(site.asgi, "/api/live", theirs) as rival,
    ):
        for socket in (colleague, rival):
            await socket.send(BOARD)
            snapshot = await socket.receive()
            assert (snapshot["op"], snapshot["id"], snapshot["rows"]) == ("snapshot", "b1", [])
        created = await (await browser(ada)).post("/api/v1/leads", json={"email": "grace@example.com", "name": "Grace"})
        patch = await colleague.receive()
        while not patch["upsert"]:  # counts travel in frames of their own, and may be first
            patch = await colleague.receive()
        assert patch["op"] == "patch"
        assert [row["id"] for row in patch["upsert"]] == [created.json()["lead"]["id"]]
        with suppress(TimeoutError):
            while frame := await asyncio.wait_for(rival.receive(), 0.5):
                assert not (frame["upsert"] or frame["remove"] or frame["counts"])


async def test_what_is_offered_is_told_to_those_who_may_claim_it_and_to_nobody_elsewhere(
    app: App, site: Site, browser: Opens, ada: Member, ben: Member, viewer: Member, mallory: Member
) -> None:
    told = {"op": "offers"}
    async with AsyncExitStack() as stack:
        seller, reader, rival = [
            await stack.enter_async_context(AsgiSocket(site.asgi, "/api/live", await headers(browser, member)))
            for member in (ben, viewer, mallory)
        ]
        client = await browser(ada)
        await client.post("/api/v1/assignment-rules", json={"name": "Pond", "strategy": "pond"})
        lead = (await client.post("/api/v1/leads", json={"name": "Grace"})).json()["lead"]["id"]
        await fold(app, ada.organization_id, "routing")
        assert await seller.receive() == told
        assert (await (await browser(ben)).post(f"/api/v1/leads/{lead}/claim")).status_code == 200
        assert await seller.receive() == told
        for other in (reader, rival):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.receive(), 0.3)


async def test_whose_tasks_have_changed_is_told_to_them_and_to_nobody_else(
    site: Site, browser: Opens, ada: Member, ben: Member, cleo: Member, mallory: Member
) -> None:
    told = {"op": "tasks"}
    async with AsyncExitStack() as stack:
        seller, window, manager, rival = [
            await stack.enter_async_context(AsgiSocket(site.asgi, "/api/live", await headers(browser, member)))
            for member in (ben, ben, cleo, mallory)
        ]
        client = await browser(ada)
        task = (await client.post("/api/v1/tasks", json={"title": "Call", "assignee": str(ben.actor.id)})).json()["id"]
        for socket in (seller, window):
            assert await socket.receive() == told
        await client.patch(f"/api/v1/tasks/{task}", json={"assignee": str(cleo.actor.id)})
        for socket in (seller, window, manager):
            assert await socket.receive() == told
        for other in (seller, rival):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.receive(), 0.3)


async def test_a_shared_view_is_told_to_everybody_and_ones_own_to_oneself(
    site: Site, browser: Opens, ben: Member, viewer: Member, mallory: Member
) -> None:
    told, body = {"op": "views"}, {"name": "Hot", "layout": "list"}
    async with AsyncExitStack() as stack:
        seller, window, reader, rival = [
            await stack.enter_async_context(AsgiSocket(site.asgi, "/api/live", await headers(browser, member)))
            for member in (ben, ben, viewer, mallory)
        ]
        client = await browser(ben)
        view = (await client.post("/api/v1/views", json=body)).json()["id"]
        for socket in (seller, window):
            assert await socket.receive() == told
        await client.patch(f"/api/v1/views/{view}", json={"is_shared": True})
        for socket in (seller, window, reader):
            assert await socket.receive() == told
        for other in (reader, rival):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.receive(), 0.3)


async def test_whose_notifications_have_changed_is_told_to_them_and_to_nobody_else(
    app: App, site: Site, browser: Opens, ada: Member, ben: Member, cleo: Member, mallory: Member
) -> None:
    told = {"op": "notifications"}
    async with AsyncExitStack() as stack:
        seller, window, manager, rival = [
            await stack.enter_async_context(AsgiSocket(site.asgi, "/api/live", await headers(browser, member)))
            for member in (ben, ben, cleo, mallory)
        ]
        client = await browser(ada)
        lead = (await client.post("/api/v1/leads", json={"name": "Grace"})).json()["lead"]["id"]
        body = {"kind": "note", "text": "@Ben", "mentions": [str(ben.actor.id)]}
        await client.post(f"/api/v1/leads/{lead}/activities", json=body)
        await fold(app, ada.organization_id, "notifications")
        for socket in (seller, window):
            assert await socket.receive() == told
        await (await browser(ben)).post("/api/v1/notifications/read")
        for socket in (seller, window):
            assert await socket.receive() == told
        for other in (manager, rival):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(other.receive(), 0.3)


async def test_a_message_that_is_none_is_answered_and_the_feed_goes_on(
    site: Site, browser: Opens, viewer: Member
) -> None:
    async with AsgiSocket(site.asgi, "/api/live", await headers(browser, viewer)) as socket:
        foreign = {**BOARD, "filter": {"organization": "other"}}
        messages: list[Any] = [{"op": "drop"}, [], "x", {"op": "subscribe"}, foreign]
        for message in messages:
            await socket.send(message)
            assert (await socket.receive())["op"] == "error"
        await socket.send({"op": "ping"})
        assert await socket.receive() == {"op": "pong"}


async def test_a_viewer_who_leaves_leaves_nothing_behind(site: Site, browser: Opens, viewer: Member) -> None:
    async with AsgiSocket(site.asgi, "/api/live", await headers(browser, viewer)) as socket:
        await socket.send(BOARD)
        await socket.receive()
        assert viewer.organization_id in site.door.hub.feeds
    await asyncio.sleep(0.05)
    assert viewer.organization_id not in site.door.hub.feeds


class Granian:
    """A connection whose server closes it only while nobody waits for its next message."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {"type": "websocket", SEND: self.send}
        self.sent: list[str] = []
        self._free = asyncio.Lock()

    async def receive(self) -> dict[str, Any]:
        async with self._free:
            await asyncio.sleep(3600)
        raise AssertionError("nothing is said")

    async def send(self, message: Any) -> None:
        async with self._free if message["type"] == "websocket.close" else nullcontext():
            self.sent.append(message["type"])


async def test_who_is_sent_away_hears_so_although_the_door_was_listening() -> None:
    connection = Granian()
    web = WebSocket(connection.scope, connection.receive, connection.send)
    web.client_state = WebSocketState.CONNECTED
    await web.accept()
    socket = Socket(web)
    listening = asyncio.create_task(socket.receive_text())
    await asyncio.sleep(0)
    async with asyncio.timeout(2):
        await socket.close(4409, "rights_changed")
        with pytest.raises(ConnectionError):
            await listening
    assert connection.sent == ["websocket.accept", "websocket.close"]
