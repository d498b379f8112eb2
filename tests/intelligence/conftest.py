"""An office whose clock stands still until a test moves it."""

from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.settings import Settings
from tests.intelligence.tales import MONDAY


@pytest.fixture(scope="module")
async def office(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(MONDAY)) as app:
        yield app


@pytest.fixture
def clock(office: App) -> FixedClock:
    clock = office.clock
    assert isinstance(clock, FixedClock)
    clock.at = MONDAY
    return clock
