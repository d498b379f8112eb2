"""How often something may be tried, counted."""

from leadflow.kernel.errors import TooMany
from leadflow.onboarding import rules
from leadflow.onboarding.ports import Application
from leadflow.onboarding.rules import Limit


async def count(app: Application, limits: list[Limit], said: str = "Too many attempts.") -> None:
    """Count one try against each limit; `said` is what is told when one is reached, before how long to wait.

    Raises:
        TooMany: one of them is reached; says how long to wait.
    """
    for limit in limits:
        if not await is_within(app, limit):
            seconds = rules.wait(limit, app.clock.now().timestamp())
            raise TooMany(f"{said} Try again in {_words(seconds)}.", retry_after=seconds)


async def is_within(app: Application, limit: Limit) -> bool:
    """Count one try, and say whether it was one too many."""
    now_s = app.clock.now().timestamp()
    return await app.limiter.allow(limit.key, limit=limit.limit, window_s=limit.window_s, now_s=now_s)


def _words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
