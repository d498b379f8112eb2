"""What these tests stand on."""

import pytest

from leadflow.bootstrap import App
from tests.fixtures.floor import Floor, sales_floor
from tests.fixtures.office import clock as clock
from tests.fixtures.office import office as office


@pytest.fixture
async def floor(office: App) -> Floor:
    return await sales_floor(office)
