"""Is the process alive, and can it serve? For load balancers and people with a terminal."""

import asyncio
import time
from functools import cache
from typing import Any

from alembic.script import ScriptDirectory
from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from leadflow.api import queries
from leadflow.api.deps import answer, door_of
from leadflow.api.door import Door
from leadflow.infra.provision import alembic_config

ROUTER = APIRouter()
PATIENCE_S = 3.0


@ROUTER.api_route("/api/health/live", methods=["GET", "HEAD"])
async def live() -> Response:
    return answer({"status": "live"})


@ROUTER.api_route("/api/health/ready", methods=["GET", "HEAD"])
async def ready(request: Request) -> Response:
    """503 until the database answers and has the schema that this version needs; without Redis it is only slower."""
    door = door_of(request)
    database, redis = await asyncio.gather(_database(door), _redis(door))
    checks = {**database, "redis": redis}
    works = all(check["status"] in {"ok", "degraded"} for check in checks.values())
    return answer({"status": "ready" if works else "unavailable", "checks": checks}, 200 if works else 503)


@cache
def newest_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config("")).get_current_head()


async def _database(door: Door) -> dict[str, dict[str, Any]]:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_S), door.app.across() as session:
            revision = await queries.schema_revision(session)
    except (SQLAlchemyError, OSError, TimeoutError):
        failed = {"status": "unavailable", "detail": "The database does not answer."}
        return {"database": failed, "schema": {"status": "unknown"}}
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    return {"database": {"status": "ok", "ms": elapsed}, "schema": _schema(revision)}


def _schema(revision: str | None) -> dict[str, Any]:
    if revision == newest_revision():
        return {"status": "ok"}
    return {"status": "outdated", "detail": "The schema is not the one of this version: run `leadflow migrate`."}


async def _redis(door: Door) -> dict[str, Any]:
    if await door.app.doorbell.ping():
        return {"status": "ok"}
    return {"status": "degraded", "detail": "Redis does not answer: updates arrive later, nothing is lost."}
