from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation
from tests.infra.bells import Bell


@pytest.fixture(scope="session")
async def quiet(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation in which nothing happens but what these tests do."""
    async with installation(engines, tmp_path_factory.mktemp("quiet")) as app:
        yield app


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def single(quiet: App, bell: Bell) -> AsyncIterator[Database]:
    made = Database(quiet.settings.database_url, bell, pool_size=1)
    yield made
    await made.close()
