"""Keeping a rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
Timer: TypeAlias = Callable[[], float]

TICK = 0.05
"""Seconds; faster rates are kept by doing several steps per tick."""


class Pace:
    """`rate` steps a second, 0 for as fast as possible.

    Time lost to a slow target is caught up within a second at most: after a longer stop the pace starts anew instead of
    bursting.
    """

    def __init__(self, rate: float, *, timer: Timer = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._rate = rate
        self._timer = timer
        self._sleep = sleep
        self._due = timer()

    async def allowance(self, most: int) -> int:
        """Waits until at least one more step is due, and says how many are, up to `most`."""
        if self._rate <= 0:
            return most
        now = self._timer()
        self._due = max(self._due, now - 1.0)
        if (wait := self._due - now) > 0:
            await self._sleep(max(wait, TICK if self._rate * TICK > 1 else 0.0))
            now = self._timer()
        allowed = min(most, max(1, int((now - self._due) * self._rate) + 1))
        self._due += allowed / self._rate
        return allowed
