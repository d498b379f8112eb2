"""Two organizations with a log, and a projection of its own for each test."""

from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from tests.infra.log.reading import organization


@pytest.fixture
async def northwind_id(quiet: App) -> UUID:
    return await organization(quiet)


@pytest.fixture
async def rival_id(quiet: App) -> UUID:
    return await organization(quiet)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A projection of its own for each test, so that none starts where another stopped."""
    return f"{request.node.name[:40]}-{new_id().hex[-6:]}"
