"""A LeadFlow of its own, with a Redis of its own: both may be killed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from leadflow.bootstrap import App
from leadflow.infra.embedded.redis_server import Redis
from tests.fixtures.engines import Engines
from tests.fixtures.installation import installation, own_redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with own_redis(tmp_path) as running:
        yield running


@pytest.fixture
async def app(engines: Engines, tmp_path: Path, redis: Redis) -> AsyncIterator[App]:
    async with installation(engines, tmp_path, redis_url=redis.url) as made:
        yield made
