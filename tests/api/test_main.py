"""The web process as the server starts it: nothing is opened before its lifespan begins, everything is closed after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from leadflow import main
from leadflow.settings import Settings
from tests.api.conftest import ORIGIN


@asynccontextmanager
async def started(asgi: ASGIApp) -> AsyncIterator[None]:
    """The lifespan protocol, as a server speaks it."""
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()

    async def serve() -> None:
        await asgi({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, to_app.get, from_app.put)

    task = asyncio.create_task(serve())
    await to_app.put({"type": "lifespan.startup"})
    assert (await asyncio.wait_for(from_app.get(), 10))["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await to_app.put({"type": "lifespan.shutdown"})
        assert (await asyncio.wait_for(from_app.get(), 10))["type"] == "lifespan.shutdown.complete"
        await task


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    monkeypatch.setenv("LEADFLOW_SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("LEADFLOW_PUBLIC_URL", ORIGIN)
    monkeypatch.setenv("LEADFLOW_LOG_LEVEL", "ERROR")
    monkeypatch.setenv(main.API_ONLY, "1")


async def test_the_api_serves_alone(environment: None) -> None:
    asgi = main.create()
    async with (
        started(asgi),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=asgi), base_url=ORIGIN) as client,
    ):
        assert (await client.get("/api/health/ready")).status_code == 200
        assert (await client.get("/theme.css")).headers["content-type"].startswith("text/css")
        assert (await client.get("/login")).status_code == 200
        assert (await client.get("/anything")).status_code == 303


async def test_building_the_application_opens_nothing(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    main.create()
