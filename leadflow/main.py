"""The web process: guard, REST door, server-rendered pages and the Reflex front end, on one port."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

import leadflow
from leadflow.api import rules
from leadflow.api.app import build_api
from leadflow.api.door import Door, open_door
from leadflow.api.guard import Guard, cookie_name
from leadflow.infra.frontend import CLIENT
from leadflow.infra.serving import production_environment
from leadflow.settings import Settings

Resources = Callable[[], AbstractAsyncContextManager[None]]
API_ONLY = "LEADFLOW_API_ONLY"
ASSETS = Path(leadflow.__file__).parents[1] / "assets"
PAGES = Path(leadflow.__file__).parents[1] / CLIENT
log = structlog.get_logger(__name__)


class Front:
    """Sends what is ours to our routes and everything else to the front end. It has no say in who may come in."""

    def __init__(self, api: ASGIApp, pages: ASGIApp) -> None:
        self._api = api
        self._pages = pages
        self._documents = frozenset(f"/{page.stem}" for page in PAGES.glob("*.html"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] != "lifespan" and rules.area_of(scope["path"]).is_ours
        if scope["type"] == "http" and scope["path"] in self._documents:
            # Asked for as a folder, a page would answer with a redirect to its name with a slash.
            scope = {**scope, "path": f"{scope['path']}.html"}
        await (self._api if is_ours else self._pages)(scope, receive, send)


def create() -> ASGIApp:
    """The ASGI application; nothing is opened before the server starts its lifespan."""
    settings = Settings()
    api = build_api(settings)

    @asynccontextmanager
    async def resources() -> AsyncIterator[None]:
        async with open_door(settings) as door:
            if not settings.is_https:
                log.warning("cookie.not_secure", public_url=settings.public_url, advice="serve LeadFlow over https")
            api.state.door = door
            yield

    def door() -> Door:
        opened: Door = api.state.door
        return opened

    pages = _assets_alone(resources) if os.environ.get(API_ONLY) == "1" else _reflex(settings, resources, door)
    return Guard(Front(api, pages), settings, door)


def _reflex(settings: Settings, resources: Resources, door: Callable[[], Door]) -> ASGIApp:
    for name, value in production_environment(settings).items():
        os.environ.setdefault(name, value)
    # Reflex reads the environment when it is imported.
    from leadflow.ui import reflex_adapter  # noqa: PLC0415
    from leadflow.ui.app import app  # noqa: PLC0415
    from leadflow.ui.gate import Gate  # noqa: PLC0415

    app.add_middleware(Gate(lambda: door().principals, cookie_name(settings)))
    return reflex_adapter.serve(app, resources)


def _assets_alone(resources: Resources) -> ASGIApp:
    """Without the front end: the API and the server-rendered pages, with their style sheet."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with resources():
            yield

    return Starlette(routes=[Mount("/", StaticFiles(directory=ASSETS, check_dir=False))], lifespan=lifespan)
