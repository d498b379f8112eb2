"""What happens to leads while somebody looks, and what has to be seen of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.infra.hub import Hub
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead, UpdateLead
from leadflow.views import queries
from leadflow.views.rules import filter_from
from tests.infra.screens import Picture


async def capture(app: App | Database, scope: Scope, name: str = "Ada Lovelace", **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(name=name, **fields))).lead_id


async def update(app: App | Database, scope: Scope, lead_id: UUID, **fields: Any) -> None:
    async with app.work(scope) as work:
        await leads.update(work, lead_id, UpdateLead(**fields))


async def truth(app: App, scope: Scope, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
    """The rows that a board with this filter has to show."""
    async with app.work(scope) as work:
        rows, _ = await queries.board(work, filter_from(wanted or {}))
    return {row["id"]: row for row in rows}


def shows(picture: Picture, lead_id: UUID, **fields: Any) -> Callable[[], bool]:
    return lambda: (row := picture.rows.get(str(lead_id))) is not None and row | fields == row


def named(frames: list[dict[str, Any]]) -> set[str]:
    """Every lead that these frames say anything about."""
    found: set[str] = set()
    for frame in frames:
        found |= {row["id"] for row in [*frame.get("upsert", ()), *frame.get("rows", ())]}
        found |= set(frame.get("remove", ()))
    return found


class Gate:
    """Opens units of work, and holds those that ask for it between their last look and their end."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.holds = 0
        self.fails = 0
        self.held = asyncio.Event()
        self.open = asyncio.Event()

    def across(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.app.across()

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Work]:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away for a moment")
        async with self.app.reading(scope) as work:
            yield work
            if self.holds and scope.reaches:  # a channel's: what the feed does for itself goes on
                self.holds -= 1
                self.held.set()
                await self.open.wait()


async def agrees(app: App, scope: Scope, picture: Picture, wanted: dict[str, Any]) -> bool:
    return picture.rows == await truth(app, scope, wanted)


async def is_past(app: App, scope: Scope, hub: Hub) -> bool:
    """Whether the revision that frames carry has moved past everything that was written so far."""
    async with app.work(scope) as work:
        changed = await queries.changes_since(work, hub.feeds[scope.organization_id].revision, 10)
    return changed is not None and not changed.leads


ROW_KEYS = {
    "id", "name", "company", "email", "stage", "score", "delta", "band", "reason", "source", "value", "currency",
    "owner", "country", "captured_at", "stage_at", "touched_at", "due_at", "remind_at", "held_until", "trail", "version",
}  # fmt: skip
