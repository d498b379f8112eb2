"""What every test may use. Each test gets organizations of its own, so that none depends on another's rows."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
from pydantic import SecretStr

from leadflow.bootstrap import App, build
from leadflow.settings import Settings
from tests.fixtures import cast
from tests.fixtures import engines as servers
from tests.fixtures.cast import Company, Member
from tests.fixtures.engines import Engines, TestDatabase

# How long an example takes to make or to run tells of the machine, and of nothing else.
hypothesis.settings.register_profile("leadflow", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("leadflow")

SECRET_KEY = "a-key-for-tests-and-nothing-else-0000"


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with servers.engines(tmp_path_factory.mktemp("engines")) as running:
        yield running


@pytest.fixture(scope="session")
def database(engines: Engines) -> Iterator[TestDatabase]:
    with servers.database(engines) as made:
        yield made


def settings_of(engines: Engines, database: TestDatabase, home: Path) -> Settings:
    """What an installation on these engines is told."""
    return Settings(
        database_url=database.url,
        migrator_database_url=database.migrator_url,
        admin_database_url=database.admin_url,
        redis_url=engines.redis_url,
        public_url="http://testserver",
        secret_key=SecretStr(SECRET_KEY),
        home=home,
        mail_catcher=True,
        log_level="WARNING",
    )


@pytest.fixture(scope="session")
def settings(engines: Engines, database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_of(engines, database, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[App]:
    async with build(settings) as built:
        yield built


@pytest.fixture
async def northwind(app: App) -> Company:
    return await cast.northwind(app)


@pytest.fixture
def ada(northwind: Company) -> Member:
    """Owns Northwind."""
    return northwind.owner


@pytest.fixture
def ben(northwind: Company) -> Member:
    """Sells at Northwind."""
    return northwind.rep


@pytest.fixture
def cleo(northwind: Company) -> Member:
    """Manages at Northwind."""
    return northwind.manager


@pytest.fixture
def viewer(northwind: Company) -> Member:
    """May look at Northwind's leads and touch nothing."""
    return northwind.viewer


@pytest.fixture
async def mallory(app: App) -> Member:
    """Owns another organization and wants what is Northwind's."""
    return await cast.rival(app)
