"""The live hub: one per web process. Rings come in from Redis, frames go out to whoever watches."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import orjson
import structlog
from pydantic import ValidationError

from leadflow.identity.repository import sessions_alive
from leadflow.infra.channel import FIGURES, Channel, Shape
from leadflow.infra.feed import Feed
from leadflow.infra.mailbox import LiveSocket, Mailbox
from leadflow.infra.presence import Presence, Witness
from leadflow.kernel.errors import Invalid
from leadflow.kernel.live import Doorbell, News, Present, Ring, SessionEnded, changes_rights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensReading
from leadflow.views.columns import Extra
from leadflow.views.filtering.queries import for_asker
from leadflow.views.grouping.rules import Grouping, fields_asked
from leadflow.views.rules import LeadFilter, filter_from

log = structlog.get_logger(__name__)

VIEWS = {
    "board": Permission.LEADS_READ,
    "table": Permission.LEADS_READ,
    "lead": Permission.LEADS_READ,
    "groups": Permission.LEADS_READ,
    "kpis": Permission.INSIGHT_READ,
}
"""What can be watched, and what watching it requires."""
TOLD = {"offers": Permission.LEADS_WRITE, **dict.fromkeys(("tasks", "views", "notifications"), Permission.LEADS_READ)}
"""What is told without a subscription, and whom it concerns: those whose it is, if they may do this."""
MAX_SUBSCRIPTIONS = 20
MAX_MESSAGE = 8192
CLOSE_SESSION_ENDED = 4401
CLOSE_BAD_MESSAGE = 4400
CLOSE_RIGHTS_CHANGED = 4409
CHECK_S = 2.0
"""How often it is looked up whose sessions have ended and whose rights have changed, should nobody have told."""


class Viewer:
    """One socket: whose it is, and what it watches."""

    def __init__(self, socket: LiveSocket, scope: Scope, session_id: UUID | None, rights: int | None) -> None:
        self.mailbox = Mailbox(socket)
        self.socket = socket
        self.scope = scope
        self.session_id = session_id
        self.rights = rights
        self.channels: dict[str, Channel] = {}
        self.witness = Witness(self.mailbox, scope, time.monotonic())


class Hub:
    """Serves live sockets; holds nothing that a restart could lose."""

    def __init__(self, opens: OpensReading, doorbell: Doorbell) -> None:
        self.opens = opens
        self.doorbell = doorbell
        self.feeds: dict[UUID, Feed] = {}
        self.viewers: set[Viewer] = set()
        self.presence = Presence(doorbell)
        self._lock = asyncio.Lock()
        self._rights_changed = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Hub"]:
        """Listen for rings for as long as the block lasts; then say goodbye to everybody."""
        duties = [asyncio.create_task(duty) for duty in (self._listen(), self._check_for_ever(), self.presence.run())]
        try:
            yield self
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
            await asyncio.gather(*(viewer.mailbox.close(1012, "restarting") for viewer in list(self.viewers)))
            for feed in list(self.feeds.values()):
                await feed.stop()

    async def _listen(self) -> None:
        async for signal in self.doorbell.listen():
            match signal:
                case Ring():
                    self._heard(signal)
                case SessionEnded(session_id):
                    await self.end_session(session_id)
                case Present():
                    self.presence.heard(signal)
                case None:
                    for feed in self.feeds.values():
                        feed.ring(None)
                    for of in TOLD:
                        self._tell(News(of), self.viewers)

    def _heard(self, ring: Ring) -> None:
        if feed := self.feeds.get(ring.organization_id):
            feed.ring(ring.leads, ring.noted)
        if changes_rights(ring):
            self._rights_changed.set()
        for news in ring.news:
            self._tell(news, (each for each in self.viewers if each.scope.organization_id == ring.organization_id))

    def _tell(self, news: News, viewers: Iterable[Viewer]) -> None:
        """Only that something has changed; what it is, each screen asks for, within its own rights."""
        permission = TOLD.get(news.of)
        if permission is None:
            return  # told by a process of another version
        frame = {"op": news.of}
        encoded = orjson.dumps(frame).decode()
        for viewer in viewers:
            is_concerned = news.people is None or viewer.scope.actor.id in news.people
            if is_concerned and viewer.scope.may(permission):
                viewer.mailbox.offer(news.of, frame, encoded)

    async def _check_for_ever(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_S):
                    await self._rights_changed.wait()
            self._rights_changed.clear()
            try:
                await self.check()
            except Exception:
                log.exception("live.check_failed")

    async def check(self) -> None:
        """Close the sockets whose session has ended, and those that were opened under other rights: they come back
        under those of now.
        """
        people = [(each, each.session_id) for each in self.viewers if each.rights is not None and each.session_id]
        if not people:
            return
        async with self.opens.across() as session:
            alive = await sessions_alive(session, list({session_id for _, session_id in people}))
        for viewer, session_id in people:
            rights = alive.get(session_id)
            if rights is None:
                await viewer.mailbox.close(CLOSE_SESSION_ENDED, "session_ended")
            elif rights != viewer.rights:
                await viewer.mailbox.close(CLOSE_RIGHTS_CHANGED, "rights_changed")

    async def end_session(self, session_id: UUID) -> None:
        """Close every socket of a session that was logged out or revoked."""
        ended = [viewer for viewer in self.viewers if viewer.session_id == session_id]
        await asyncio.gather(*(viewer.mailbox.close(CLOSE_SESSION_ENDED, "session_ended") for viewer in ended))

    async def serve(self, socket: LiveSocket, scope: Scope, session_id: UUID | None, rights: int | None = None) -> None:
        """Talk to one viewer until it leaves. The door has checked session and origin; `scope` is theirs, as it was
        under version `rights` of their organization's rights (None for a key, which has no session).
        """
        viewer = Viewer(socket, scope, session_id, rights)
        self.viewers.add(viewer)
        feed: Feed | None = None
        try:
            feed = await self._join(scope.organization_id)
            await self._talk(viewer, feed)
        finally:
            viewer.mailbox.is_closed = True
            self.viewers.discard(viewer)
            self.presence.close(viewer.mailbox)
            await self._leave(viewer, feed)

    async def _talk(self, viewer: Viewer, feed: Feed) -> None:
        writer = asyncio.create_task(viewer.mailbox.run())
        reader = asyncio.create_task(self._read(viewer, feed))
        try:
            done, _ = await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                with suppress(ConnectionError, TimeoutError, asyncio.CancelledError):
                    task.result()
        finally:
            for task in (writer, reader):
                task.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def _join(self, organization_id: UUID) -> Feed:
        async with self._lock:
            if organization_id not in self.feeds:
                feed = Feed(self.opens, organization_id)
                await feed.start()
                self.feeds[organization_id] = feed
            return self.feeds[organization_id]

    async def _leave(self, viewer: Viewer, feed: Feed | None) -> None:
        if feed is None:
            return
        feed.leave(viewer.mailbox)
        async with self._lock:
            organization_id = viewer.scope.organization_id
            if not any(other.scope.organization_id == organization_id for other in self.viewers):
                self.feeds.pop(organization_id, None)
                await feed.stop()

    async def _read(self, viewer: Viewer, feed: Feed) -> None:
        while True:
            await viewer.mailbox.has_room()
            message = await viewer.socket.receive_text()
            viewer.witness.heard_at = time.monotonic()
            try:
                if len(message) > MAX_MESSAGE:
                    raise ValueError("too long")  # noqa: TRY301 - answered like any other bad message
                body = orjson.loads(message)
                await self._answer(viewer, feed, body)
            except (ValueError, KeyError, TypeError, AttributeError):
                viewer.mailbox.tell({"op": "error", "message": "This message was not understood."})

    async def _answer(self, viewer: Viewer, feed: Feed, body: dict[str, Any]) -> None:
        match body["op"]:
            case "ping":
                viewer.mailbox.tell({"op": "pong"})
            case "here":
                pass  # the answer to ours: having been heard is all there is to it
            case "subscribe":
                await self._subscribe(viewer, feed, body)
            case "unsubscribe":
                if channel := viewer.channels.pop(str(body["id"]), None):
                    self.presence.close(viewer.mailbox, str(body["id"]))
                    self._part(viewer, feed, channel)
            case _:
                raise ValueError("unknown op")

    def _part(self, viewer: Viewer, feed: Feed, channel: Channel) -> None:
        if channel not in viewer.channels.values():
            feed.part(channel, viewer.mailbox)

    async def _subscribe(self, viewer: Viewer, feed: Feed, body: dict[str, Any]) -> None:
        name, view = str(body["id"])[:40], str(body["view"])
        try:
            lead_filter = await self._meant(viewer, body.get("filter") or {}) if view != "kpis" else LeadFilter()
        except (ValidationError, Invalid):
            viewer.mailbox.tell({"op": "error", "id": name, "message": "This filter was not understood."})
            return
        shape = shape_of(view, body)
        is_hidden = (lead_filter.asks_about | fields_asked(shape.by)) & viewer.scope.fields.hidden
        if view not in VIEWS or not viewer.scope.may(VIEWS[view]) or is_hidden:
            viewer.mailbox.tell({"op": "error", "id": name, "message": "You may not watch this."})
            return
        if name not in viewer.channels and len(viewer.channels) >= MAX_SUBSCRIPTIONS:
            viewer.mailbox.tell({"op": "error", "id": name, "message": "Too many subscriptions."})
            return
        channel = feed.channel(view, lead_filter, viewer.scope.reach(VIEWS[view]), viewer.scope.fields, shape)
        has_seen_as_much = str(body.get("reach") or "") == channel.mark
        since = revision_of(body.get("since")) if view not in FIGURES and has_seen_as_much else None
        previous = viewer.channels.get(name)
        viewer.channels[name] = channel
        if previous is not None and previous is not channel:
            self.presence.close(viewer.mailbox, name)
            self._part(viewer, feed, previous)
        channel.expect(viewer.mailbox)
        await self._welcome(viewer, feed, channel, name, since)
        channel.admit(viewer.mailbox)
        if view == "lead":
            self.presence.open(viewer.witness, name, channel)

    async def _meant(self, viewer: Viewer, wanted: dict[str, Any]) -> LeadFilter:
        """The filter of a viewer. What shares a channel has the same signature: me and mine are settled before it has
        one.
        """
        lead_filter = filter_from(wanted)
        if lead_filter.where is None or not lead_filter.where.is_personal:
            return lead_filter
        async with self.opens.reading(viewer.scope) as work:
            return await for_asker(work, lead_filter)

    async def _welcome(self, viewer: Viewer, feed: Feed, channel: Channel, name: str, since: int | None) -> None:
        missed = await feed.missed(channel, since) if since is not None else None
        if missed is None:
            picture = await feed.snapshot(channel)
            viewer.mailbox.tell({**picture, "id": name, "sub": channel.sub, "reach": channel.mark})
            return
        # The revision moves with what was missed: cut off between the two frames, one comes back with the old one.
        viewer.mailbox.tell({"op": "subscribed", "id": name, "sub": channel.sub, "rev": str(since)})
        viewer.mailbox.tell({**missed, "sub": channel.sub})


def shape_of(view: str, body: dict[str, Any]) -> Shape:
    """What is asked of rows beyond what all of them say, and of totals. Raises ValueError for what is not on offer."""
    extra = frozenset(map(Extra, body.get("columns") or ())) if view == "table" else frozenset()
    return Shape(extra, Grouping(body.get("by") or Grouping.ALL) if view == "groups" else None)


def revision_of(since: object) -> int | None:
    """The revision that a viewer comes back with, as a transaction id. Raises ValueError when it cannot be one."""
    if since is None:
        return None
    revision = int(str(since))
    if not 0 < revision < 2**63:
        raise ValueError("no revision")
    return revision
