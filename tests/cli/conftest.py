from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation


@pytest.fixture(scope="module")
async def alone(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation with nobody's organizations but the module's own."""
    async with installation(engines, tmp_path_factory.mktemp("alone")) as app:
        yield app
