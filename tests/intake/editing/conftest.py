"""What these tests stand on."""

import pytest

from leadflow.bootstrap import App
from tests.fixtures.floor import Floor, sales_floor


@pytest.fixture
async def floor(app: App) -> Floor:
    return await sales_floor(app)
