"""The REST door and the server-rendered pages, as one FastAPI application."""

from collections.abc import Iterator

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute

from leadflow.api import catcher, docs, errors, live, v1
from leadflow.api.deps import API_V1, enforce, rule_of
from leadflow.api.public import doors, forms, health, joining, recovery
from leadflow.kernel.errors import Permanent
from leadflow.kernel.registry import discover
from leadflow.settings import Settings


def routers() -> dict[str, APIRouter]:
    """The shelf `leadflow.api.v1`: one file per noun."""
    return discover(v1.__name__, APIRouter, "ROUTER")


def guarded_routes() -> Iterator[APIRoute | APIWebSocketRoute]:
    """Every route that needs a principal."""
    for router in (*routers().values(), live.ROUTER, docs.ROUTER, catcher.ROUTER):
        for route in router.routes:
            if isinstance(route, APIRoute | APIWebSocketRoute):
                yield route


def build_api(settings: Settings) -> FastAPI:
    """The application without its resources; `api.state.door` is set when the server starts.

    Raises:
        Permanent: a route names no permission.
    """
    forgotten = [route.path for route in guarded_routes() if rule_of(route.endpoint) is None]
    if forgotten:
        raise Permanent(f"These routes name no permission: {', '.join(forgotten)}.")
    api = FastAPI(title="LeadFlow", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    api.state.settings = settings
    errors.install(api)
    for router in (doors.ROUTER, joining.ROUTER, recovery.ROUTER, forms.ROUTER, health.ROUTER):
        api.include_router(router, include_in_schema=False)
    inside = [Depends(enforce)]
    for router in routers().values():
        api.include_router(router, prefix=API_V1, dependencies=inside)
    for router in (live.ROUTER, docs.ROUTER, catcher.ROUTER):
        api.include_router(router, dependencies=inside, include_in_schema=False)
    return api
