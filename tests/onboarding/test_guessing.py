"""How many guesses get as far as a password check, counted through the use case itself."""

from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from leadflow import onboarding
from leadflow.bootstrap import App
from leadflow.identity import passwords
from leadflow.identity.commands import OpenSession
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import TooMany
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.onboarding import LogIn, WrongCredentials
from leadflow.onboarding.ports import Limiter
from leadflow.onboarding.rules import TRIES_PER_ACCOUNT
from tests.fixtures.cast import Member

GUESSES = 10_000
MOST_PER_HOUR = 20


@dataclass
class Counting:
    """Fixed windows as the real limiter counts them, without a trip to Redis for each of thirty thousand."""

    used: dict[tuple[str, int], int] = field(default_factory=dict)

    async def allow(self, key: str, *, limit: int, window_s: int, now_s: float) -> bool:
        place = (key, int(now_s // window_s))
        self.used[place] = self.used.get(place, 0) + 1
        return self.used[place] <= limit


@dataclass
class Door:
    """The application with a clock and a limiter of its own."""

    app: App
    clock: FixedClock
    limiter: Limiter = field(default_factory=Counting)

    def work(self, scope: Scope) -> AbstractAsyncContextManager[Work]:
        return self.app.work(scope)

    def across(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.app.across()


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was checked: only the hashing is left out."""
    seen: list[str] = []

    async def check(stored: str | None, password: str) -> bool:
        seen.append(password)
        return stored is not None and password == "correct horse battery"

    monkeypatch.setattr(passwords, "verify_password", check)
    return seen


def moments() -> list[timedelta]:
    """When guesses are made: half of them around the moment when a window ends, the others over three hours."""
    half = GUESSES // 2
    crowded = [timedelta(hours=1, seconds=60 * (number / half - 0.5)) for number in range(half)]
    return sorted([*crowded, *(timedelta(hours=3) * (number / half) for number in range(half))])


async def test_ten_thousand_guesses_are_twenty_checks_an_hour_and_the_owner_gets_in(
    app: App, ada: Member, checked: list[str]
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    door = Door(app, FixedClock(start))
    right = LogIn(email=ada.email, password=ada.password, browser=OpenSession(address="192.0.2.1"))
    await onboarding.log_in(door, right)
    checked.clear()
    times: list[datetime] = []
    for number, after in enumerate(moments()):
        door.clock.at = start + after
        browser = OpenSession(address=f"10.0.{number >> 8}.{number & 255}")
        with suppress(WrongCredentials, TooMany):
            await onboarding.log_in(door, LogIn(email=ada.email, password=f"guess {number}", browser=browser))
        times += [door.clock.at] * (len(checked) - len(times))
    assert len(times) == 3 * TRIES_PER_ACCOUNT - 1  # the owner's own first log-in, from an address not known yet
    for first in times:
        # Any sixty minutes, not those of a window.
        assert sum(first <= at < first + timedelta(hours=1) for at in times) <= MOST_PER_HOUR
    entered = await onboarding.log_in(door, right)
    assert entered.account_id == ada.actor.id
    stranger = OpenSession(address="192.0.2.2")
    with pytest.raises(TooMany):
        await onboarding.log_in(door, right.model_copy(update={"browser": stranger}))
