"""An office on a Wednesday."""

from collections.abc import AsyncIterator

import pytest

from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.settings import Settings
from tests.fixtures.cast import Company, Member, northwind, rival
from tests.views.office import NOW, fill


@pytest.fixture(scope="package")
async def office(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(NOW)) as app:
        yield app


@pytest.fixture(scope="package")
async def company(office: App) -> Company:
    """Leads that share names, scores, values and times, so that every order has ties; Rival has the same."""
    ours, mallory = await northwind(office), await rival(office)
    for scope in (ours.owner, mallory):
        await fill(office, scope, ours.rep if scope is ours.owner else None)
    return ours


@pytest.fixture(scope="package")
def everyone(company: Company) -> Member:
    return company.owner
