"""Health: alive, and able to serve."""

import httpx
import pytest

from leadflow.api.app import build_api
from leadflow.api.door import serve_through
from leadflow.api.guard import Guard
from leadflow.api.public import health
from leadflow.bootstrap import build
from leadflow.main import Front
from leadflow.settings import Settings
from tests.api.conftest import Site


async def test_a_healthy_process_is_live_and_ready(anonymous: httpx.AsyncClient) -> None:
    live = await anonymous.get("/api/health/live")
    assert (live.status_code, live.json()) == (200, {"status": "live"})
    ready = await anonymous.get("/api/health/ready")
    assert ready.status_code == 200
    checks = ready.json()["checks"]
    assert {name: check["status"] for name, check in checks.items()} == {
        "database": "ok", "schema": "ok", "redis": "ok",
    }  # fmt: skip
    assert (await anonymous.head("/api/health/live")).status_code == 200


async def test_without_redis_it_serves_more_slowly(
    anonymous: httpx.AsyncClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(_: object) -> bool:
        return False

    monkeypatch.setattr(type(site.door.app.doorbell), "ping", gone)
    ready = await anonymous.get("/api/health/ready")
    assert ready.status_code == 200
    assert ready.json()["checks"]["redis"]["status"] == "degraded"


async def test_with_an_old_schema_it_is_not_ready(
    anonymous: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "newest_revision", lambda: "something_newer")
    ready = await anonymous.get("/api/health/ready")
    assert ready.status_code == 503
    assert "leadflow migrate" in ready.json()["checks"]["schema"]["detail"]


async def test_without_its_database_it_says_so_and_nothing_breaks(
    settings: Settings,
) -> None:
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody:x@127.0.0.1:1/nowhere"})
    async with build(away) as app, serve_through(app) as door:
        api = build_api(away)
        api.state.door = door
        async with Site(Guard(Front(api, api), away, lambda: door), door).client() as client:
            ready = await client.get("/api/health/ready")
            assert ready.status_code == 503
            assert ready.json()["checks"]["database"]["status"] == "unavailable"
            assert "127.0.0.1" not in ready.text
            refused = await client.get("/api/v1/leads", headers={"authorization": "Bearer lf_x"})
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "5"
            assert refused.headers["content-type"] == "application/problem+json"
            assert (await client.get("/f/some-form")).status_code == 503
