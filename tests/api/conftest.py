"""The whole door over real PostgreSQL and Redis, called in this process: guard, routes and pages as they are served."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from leadflow.api import schemas
from leadflow.api.app import build_api
from leadflow.api.door import Door, serve_through
from leadflow.api.guard import Guard
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.kernel.clock import FixedClock
from leadflow.main import Front
from leadflow.settings import Settings
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.permissions import KEY_SCOPES
from tests.api.hosted import FORM
from tests.api.things import things as things
from tests.fixtures.cast import Member

ORIGIN = "http://testserver"
_addresses = count(secrets.randbelow(2**23))


def fresh_address() -> str:
    """An address that no test has used, so that rate limits of one do not reach another."""
    number = next(_addresses)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass(frozen=True)
class Site:
    """The served application, and what it holds."""

    asgi: ASGIApp
    door: Door

    def client(self, *, address: str | None = None, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """A caller, from an address of its own unless one is given."""
        transport = httpx.ASGITransport(app=self.asgi, client=(address or fresh_address(), 40000))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


async def _page(_: object) -> PlainTextResponse:
    return PlainTextResponse("a page of the front end")


@pytest.fixture(scope="session")
async def site(app: App, settings: Settings) -> AsyncIterator[Site]:
    api = build_api(settings)
    pages = Starlette(routes=[Route("/{path:path}", _page, methods=["GET", "POST"])])
    async with serve_through(app) as door:
        api.state.door = door
        yield Site(Guard(Front(api, pages), settings, lambda: door), door)


@pytest.fixture
def still(app: App, monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """Time stands still, so that no window of a rate limit ends in the middle of a test."""
    clock = FixedClock(app.clock.now())
    monkeypatch.setattr(app.database, "clock", clock)
    return clock


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


@pytest.fixture
async def anonymous(site: Site, stack: AsyncExitStack) -> httpx.AsyncClient:
    return await stack.enter_async_context(site.client(headers={"origin": ORIGIN}))


Opens = Callable[[Member], Awaitable[httpx.AsyncClient]]


@pytest.fixture
def browser(app: App, site: Site, stack: AsyncExitStack) -> Opens:
    """Somebody's browser, logged in, on a page of ours."""

    async def open_for(member: Member) -> httpx.AsyncClient:
        client = await stack.enter_async_context(site.client(headers={"origin": ORIGIN}))
        assert member.actor.id is not None
        async with app.work(tenancy.system_scope(member.organization_id)) as work:
            token = await identity.open_session(work, member.actor.id, OpenSession(user_agent="test"))
        client.cookies.set("leadflow", token)
        return client

    return open_for


@pytest.fixture
def system(app: App, site: Site, stack: AsyncExitStack) -> Callable[..., Awaitable[httpx.AsyncClient]]:
    """Another system with an API key."""

    async def connect(member: Member, *scopes: str) -> httpx.AsyncClient:
        command = CreateApiKey(name="test", scopes=scopes or tuple(KEY_SCOPES))
        async with app.work(member) as work:
            _, secret = await identity.create_api_key(work, command, grantable=frozenset(KEY_SCOPES))
        return await stack.enter_async_context(site.client(headers={"authorization": f"Bearer {secret}"}))

    return connect


@pytest.fixture
async def form(browser: Opens, ada: Member) -> dict[str, Any]:
    made = await (await browser(ada)).post("/api/v1/forms", json=FORM)
    assert made.status_code == 201
    schemas.FormItem.model_validate(made.json())
    return dict(made.json())


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on another web site: another origin, and no cookie."""
    async with site.client(headers={"origin": "https://www.northwind.example"}) as client:
        yield client
