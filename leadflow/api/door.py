"""What the web process holds while it runs: the application, who is known, and the live hub."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from leadflow.api.principal import Principals
from leadflow.bootstrap import App, build
from leadflow.infra import memory
from leadflow.infra.hub import Hub
from leadflow.settings import Settings


@dataclass(frozen=True, slots=True)
class Door:
    app: App
    principals: Principals
    hub: Hub
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """So many files are made at the same time: each has a connection of the database for as long as it takes."""


@asynccontextmanager
async def open_door(settings: Settings) -> AsyncIterator[Door]:
    """Everything that needs a loop is made here, when the server starts, and closed when it stops."""
    async with build(settings, turns=settings.database_turns) as app, serve_through(app) as door:
        memory.settle()
        yield door


@asynccontextmanager
async def serve_through(app: App) -> AsyncIterator[Door]:
    """A door for an application that is already there."""
    principals = Principals(app)
    listener = asyncio.create_task(principals.listen(), name="principals")
    try:
        async with Hub(app, app.doorbell).running() as hub:
            yield Door(app, principals, hub)
    finally:
        listener.cancel()
        with suppress(asyncio.CancelledError):
            await listener
