"""The baseline application: a list of 50 rows in Reflex state, one row of which changes for every open tab."""

import os
from typing import Any

import orjson
import reflex as rx
from redis.asyncio import Redis
from starlette.types import ASGIApp

CHANNEL = "bench:reflex"
ROWS = 50


def row(name: str) -> dict[str, Any]:
    """About the size of a lead on the board."""
    return {
        "id": name,
        "name": f"Person {name}",
        "company": f"Company {name}",
        "email": f"person{name}@company.example",
        "stage": "new",
        "score": 50,
        "reason": "Visited the pricing page",
        "source": "google ads",
        "value": 1_000_000,
        "captured_at": 1_790_000_000_000,
        "version": 1,
    }


class Board(rx.State):
    rows: list[dict[str, Any]] = [row(str(place)) for place in range(ROWS)]  # noqa: RUF012 - Reflex copies it


def page() -> rx.Component:
    drawn: rx.Component = rx.box(rx.foreach(Board.rows, lambda each: rx.text(each["name"], each["score"])))
    return drawn


async def push() -> None:
    """Each message names a row and its new score; every tab's state is told."""
    async with (
        Redis.from_url(os.environ["BENCH_REDIS_URL"]) as redis,
        redis.pubsub(ignore_subscribe_messages=True) as pubsub,
    ):
        await pubsub.subscribe(CHANNEL)
        async for message in pubsub.listen():
            change = orjson.loads(message["data"])
            for token in list(app.event_namespace.token_to_sid if app.event_namespace else ()):
                async with app.modify_state(rx.BaseStateToken(ident=token, cls=Board)) as state:
                    board = await state.get_state(Board)
                    board.rows[change["row"]]["score"] = change["score"]


app = rx.App()
app.add_page(page, route="/")
app.register_lifespan_task(push)


def create() -> ASGIApp:
    served: ASGIApp = app()
    return served
