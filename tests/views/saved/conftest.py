"""What these tests stand on."""

import pytest

from leadflow.bootstrap import App
from tests.fixtures.cast import Company, Member, northwind, rival
from tests.fixtures.office import clock as clock
from tests.fixtures.office import office as office


@pytest.fixture
async def company(office: App) -> Company:
    return await northwind(office)


@pytest.fixture
async def mallory(office: App) -> Member:
    return await rival(office)
