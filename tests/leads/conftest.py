from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.settings import Settings
from tests.fixtures.office import MONDAY


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY)


@pytest.fixture(scope="package")
async def clocked(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(MONDAY)) as built:
        yield built


@pytest.fixture
def desk(clocked: App, clock: FixedClock) -> App:
    """The application on a Monday morning; `clock.at` moves it."""
    clocked.database.clock = clock
    return clocked
