"""Doorbells that can be watched, and one that is broken."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from leadflow.kernel.live import Ring, Signal


@dataclass
class Bell:
    """Remembers what was rung; `on_ring` is called in the middle of it. Nobody hears it from far."""

    rung: list[Signal] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    on_ring: Callable[[], Awaitable[None]] | None = None

    async def ring(self, signal: Signal) -> None:
        if self.on_ring:
            await self.on_ring()
        self.rung.append(signal)

    async def wake(self, queues: Sequence[str]) -> None:
        self.woken.extend(queues)

    async def listen(self) -> AsyncIterator[Signal | None]:
        yield None
        await asyncio.Event().wait()

    @property
    def last(self) -> Ring:
        ring = self.rung[-1]
        assert isinstance(ring, Ring)
        return ring
