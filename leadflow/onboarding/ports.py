"""What onboarding needs from the outside."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from leadflow.kernel.clock import Clock
from leadflow.kernel.work import OpensWork


class Limiter(Protocol):
    """Counts uses of a key in fixed windows."""

    async def allow(self, key: str, *, limit: int, window_s: int, now_s: float) -> bool: ...


class Application(OpensWork, Protocol):
    """The application, as far as coming in needs it."""

    @property
    def clock(self) -> Clock: ...

    @property
    def limiter(self) -> Limiter: ...

    def across(self) -> AbstractAsyncContextManager[AsyncSession]: ...
