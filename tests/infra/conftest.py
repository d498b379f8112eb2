from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation


@pytest.fixture(scope="session")
async def quiet(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation in which nothing happens but what these tests do."""
    async with installation(engines, tmp_path_factory.mktemp("quiet")) as app:
        yield app
