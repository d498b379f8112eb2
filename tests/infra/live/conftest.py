"""A hub over the quiet installation, and who looks through it."""

from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from leadflow.infra import feed as feeds
from leadflow.infra.db import Database
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import Hub
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.infra.bells import Bell


@pytest.fixture(autouse=True)
def sweeps_are_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every two seconds in life, and more often where a test waits for one."""
    assert feeds.SWEEP_S == 2.0
    monkeypatch.setattr(feeds, "SWEEP_S", 0.3)


@pytest.fixture
async def ada(quiet: App) -> Member:
    return (await cast.northwind(quiet)).owner


@pytest.fixture
async def mallory(quiet: App) -> Member:
    return await cast.rival(quiet)


@pytest.fixture
async def doorbell(quiet: App) -> AsyncIterator[RedisDoorbell]:
    bell = RedisDoorbell(quiet.settings.redis_url)
    yield bell
    await bell.close()


@pytest.fixture
async def hub(quiet: App, doorbell: RedisDoorbell) -> AsyncIterator[Hub]:
    async with Hub(quiet, doorbell).running() as running:
        yield running


@pytest.fixture
async def silent(quiet: App) -> AsyncIterator[Database]:
    """Another process whose commits nobody hears of: its Redis has gone."""
    database = Database(quiet.settings.database_url, Bell())
    yield database
    await database.close()
