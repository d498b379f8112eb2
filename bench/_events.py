"""Events as another system posts them: each at its moment, whatever became of the one before."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bench._http import Connection, connections
from bench._product import Product, Visitor, read_commits

CONNECTIONS = 4
WARM_UP_SECONDS = 30.0


@dataclass(frozen=True)
class Post:
    """Wait `gap` seconds after the one before, then say that `lead` did `kind`."""

    gap: float
    lead: UUID
    kind: str


async def post_all(product: Product, visitor: Visitor, posts: Sequence[Post]) -> dict[str, float]:
    """When each lead's event was sent, in epoch milliseconds."""
    sent: dict[str, float] = {}
    async with connections(product, CONNECTIONS, visitor.authorization) as opened:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for connection in opened:
            free.put_nowait(connection)

        async def send(post: Post) -> None:
            body = {"lead_id": str(post.lead), "kind": post.kind}
            connection = await free.get()
            sent[body["lead_id"]] = time.time() * 1000
            await connection.expect(202, "POST", "/api/v1/events", body)
            free.put_nowait(connection)

        due = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for post in posts:
                due += post.gap
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                group.create_task(send(post))
    return sent


async def warm_up(product: Product, visitor: Visitor, leads: Sequence[UUID]) -> None:
    """Until the worker has scored: its first score loads the learner's library."""
    deadline = time.monotonic() + WARM_UP_SECONDS
    since = time.time_ns()
    await post_all(product, visitor, [Post(0.01, lead, "demo_requested") for lead in leads[:20]])
    while not read_commits(product.commits, since):
        if time.monotonic() > deadline:
            raise RuntimeError("The worker does not score.")
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.0)
