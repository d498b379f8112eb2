"""Notifications: what you should hear about, what of it you have read, and which of it you want."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from leadflow import notifications
from leadflow.api.deps import Answer, Call, Calling, answer, requires, router
from leadflow.api.schemas import (
    READS,
    WRITES,
    WRITES_ONE,
    NotificationCounts,
    NotificationItem,
    NotificationPage,
    Preferences,
    ReadNotifications,
)
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.notifications import queries
from leadflow.notifications.errors import NotificationNotFound

ROUTER = router("notifications")


class NotificationQuery(BaseModel):
    """What can be asked of the list."""

    model_config = ConfigDict(extra="forbid")

    unread: Annotated[bool, Field(description="Only those that you have not read")] = False
    cursor: Annotated[str, Field(max_length=500)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class Several(BaseModel):
    """Which notifications."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: Annotated[list[UUID], Field(max_length=500)]


class Wish(BaseModel):
    """Whether you want notifications of a kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(max_length=80)]
    in_app: bool


@ROUTER.get("", response_model=NotificationPage, responses=READS)
@requires(Permission.LEADS_READ)
async def list_notifications(call: Calling, query: Annotated[NotificationQuery, Query()]) -> Response:
    """Yours, the latest first. What is about leads out of your reach is not among them."""
    async with call.reading() as work:
        page = await queries.page(work, query.cursor or None, query.limit, is_unread=query.unread)
    return answer({"items": page.items, "next_cursor": page.next_cursor})


@ROUTER.get("/counts", response_model=NotificationCounts, responses=READS)
@requires(Permission.LEADS_READ)
async def counts(call: Calling) -> Response:
    """How many you have not read."""
    async with call.reading() as work:
        return answer({"unread": await queries.unread(work)})


@ROUTER.get("/preferences", response_model=Preferences, responses=READS)
@requires(Permission.LEADS_READ)
async def preferences(call: Calling) -> Response:
    """The kinds that there are for you, and which of them you want."""
    async with call.reading() as work:
        return answer({"items": await queries.preferences(work)})


@ROUTER.put("/preferences", response_model=Preferences, responses=WRITES)
@requires(Permission.LEADS_READ)
async def set_preference(call: Calling, body: Wish) -> Response:
    """Say whether you want notifications of a kind. Those that came before stay."""
    async with call.work() as work:
        await notifications.set_preference(work, body.kind, in_app=body.in_app)
        told = await queries.preferences(work)
    return answer({"items": told})


@ROUTER.post("/read", response_model=ReadNotifications, responses=WRITES)
@requires(Permission.LEADS_READ)
async def read_all(call: Calling) -> Response:
    """Mark all of yours as read, on all your screens. Done again, nothing changes."""

    async def effect(work: Work) -> Answer:
        return Answer(200, {"ids": [str(each) for each in await notifications.mark_all_read(work)]})

    return await call.once(effect)


@ROUTER.post("/unread", response_model=ReadNotifications, responses=WRITES)
@requires(Permission.LEADS_READ)
async def unread_again(call: Calling, body: Several) -> Response:
    """Mark several as unread again, as after a mistake. Those that are not yours are passed over."""

    async def effect(work: Work) -> Answer:
        return Answer(200, {"ids": [str(each) for each in await notifications.mark_unread_again(work, body.ids)]})

    return await call.once(effect)


@ROUTER.post("/{notification_id}/read", response_model=NotificationItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def read(call: Calling, notification_id: str) -> Response:
    """Mark one as read, on all your screens. Done again, nothing changes."""
    return await _mark(call, notification_id, notifications.mark_read)


@ROUTER.post("/{notification_id}/unread", response_model=NotificationItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def unread(call: Calling, notification_id: str) -> Response:
    """Mark one as unread again."""
    return await _mark(call, notification_id, notifications.mark_unread)


async def _mark(call: Call, notification_id: str, step: Callable[[Work, UUID], Awaitable[None]]) -> Response:
    known = parse_id(notification_id)
    if known is None:
        raise NotificationNotFound

    async def effect(work: Work) -> Answer:
        await step(work, known)
        return Answer(200, await queries.one(work, known))

    return await call.once(effect)
