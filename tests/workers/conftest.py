from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation


@pytest.fixture(scope="package")
async def premises(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation whose only workers are those that a test starts."""
    async with installation(engines, tmp_path_factory.mktemp("premises")) as app:
        yield app
