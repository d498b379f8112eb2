from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App
from tests.fixtures import cast
from tests.fixtures.cast import Company
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation
from tests.workers.mailers import Flaky


@pytest.fixture(scope="package")
async def premises(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """An installation whose only workers are those that a test starts."""
    async with installation(engines, tmp_path_factory.mktemp("premises")) as app:
        yield app


@pytest.fixture
def post() -> Flaky:
    return Flaky()


@pytest.fixture
async def northwind(premises: App) -> Company:
    return await cast.northwind(premises)
