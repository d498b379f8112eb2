"""Load on the JSON interface: requests of a kind on some connections, each asking again as soon as it is answered."""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from bench._http import Connection, connections
from bench._product import Product, Visitor
from bench._stand import percentile

SECONDS = 2.0
"""Of a round."""

Request = Callable[[Connection], Awaitable[object]]


@dataclass
class Measured:
    """Milliseconds per answer at one number of connections, a list for each round."""

    rounds: list[list[float]]

    def at(self, share: float) -> float:
        return round(median(percentile(each, share) for each in self.rounds), 2)

    @property
    def per_s(self) -> float:
        return round(median(len(each) for each in self.rounds) / SECONDS, 1)


async def timed(opened: Sequence[Connection], request: Request, seconds: float) -> list[float]:
    """Every connection asks again as soon as it is answered."""
    stop = time.perf_counter() + seconds
    took: list[float] = []

    async def ask(connection: Connection) -> None:
        while (started := time.perf_counter()) < stop:
            await request(connection)
            took.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(ask(connection) for connection in opened))
    return took


def reads(paths: Sequence[str]) -> Request:
    following: Iterator[str] = itertools.cycle(paths)
    return lambda connection: connection.expect(200, "GET", next(following))


def by_key(ids: Sequence[UUID]) -> Request:
    chance = random.Random(3)
    return lambda connection: connection.expect(200, "GET", f"/api/v1/leads/{chance.choice(ids)}")


async def list_paths(running: Product, entry: Visitor, questions: Sequence[str]) -> list[str]:
    """Pages of 50 for these questions; every second one is also asked for its second page."""
    paths = []
    async with connections(running, 1, entry.authorization) as (connection,):
        for place, question in enumerate(questions):
            path = f"/api/v1/leads?limit=50&{question}"
            page = await connection.expect(200, "GET", path)
            paths.append(path)
            if page["next_cursor"] and place % 2 == 0:
                paths.append(f"{path}&cursor={page['next_cursor']}")
    return paths
