"""Nobody takes part in the pool when a test begins."""

import pytest

from leadflow.bootstrap import App
from tests.fixtures.installation import as_superuser


@pytest.fixture
def nobody_takes_part(office: App) -> None:
    """Pools cross organizations, and those of other tests are still there."""
    with as_superuser(office.settings) as admin:
        admin.execute("UPDATE organization SET settings = settings - 'pool'")
