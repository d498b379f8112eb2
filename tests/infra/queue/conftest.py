"""An empty queue, and two organizations that use it."""

from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from tests.fixtures.installation import as_superuser


@pytest.fixture
def northwind_id() -> UUID:
    return new_id()


@pytest.fixture
def rival_id() -> UUID:
    return new_id()


@pytest.fixture(autouse=True)
def an_empty_queue(quiet: App) -> None:
    with as_superuser(quiet.settings) as admin:
        admin.execute("DELETE FROM job")
