"""Browsers, and the product that they look at."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from ipaddress import IPv4Address
from itertools import count

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from leadflow.bootstrap import App, build
from leadflow.infra import frontend
from leadflow.settings import Settings
from tests.conftest import settings_of
from tests.fixtures import chromium
from tests.fixtures import engines as servers
from tests.fixtures.cast import Member
from tests.fixtures.engines import Engines, TestDatabase
from tests.fixtures.house import ROOT, House, free_port, house

LogIn = Callable[..., Awaitable[Page]]
ADDRESSES = count(int(IPv4Address("198.18.0.1")))
"""Of the network that is for tests (RFC 2544)."""


@pytest.fixture(scope="session")
def database(engines: Engines) -> Iterator[TestDatabase]:
    """One for the browser tests alone: their worker would do to others' leads what those tests do themselves."""
    with servers.database(engines) as made:
        yield made


@pytest.fixture(scope="session")
def settings(engines: Engines, database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_of(engines, database, tmp_path_factory.mktemp("browsers"))


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[App]:
    async with build(settings) as built:
        yield built


@pytest.fixture(scope="session", autouse=True)
def front_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Built once, and again only when something it is made of has changed; processes side by side wait for one."""
    frontend.ensure(ROOT, tmp_path_factory.getbasetemp().parent / "front-end")


@pytest.fixture(scope="session")
def product(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Web and worker, really running."""
    home = tmp_path_factory.mktemp("house")
    port = free_port()
    own = settings.model_copy(
        update={
            "home": home,
            "host": "127.0.0.1",
            "port": port,
            "public_url": f"http://localhost:{port}",
            "trusted_proxy_hops": 1,
        }
    )
    with house(own) as running:
        yield running


@pytest.fixture(scope="session")
async def chrome() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium.launch_options())  # type: ignore[arg-type]
        yield browser
        await browser.close()


@pytest.fixture
async def log_in(chrome: Browser, product: House) -> AsyncIterator[LogIn]:
    """`await log_in(ada)` answers with a page of her own browser, logged in and on the board.

    Each browser has an address of its own: from one address so many may not log in.
    """
    contexts: list[BrowserContext] = []

    async def enter(member: Member, **options: object) -> Page:
        came_from = {"x-forwarded-for": str(IPv4Address(next(ADDRESSES)))}
        context = await chrome.new_context(base_url=product.url, extra_http_headers=came_from, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = await context.new_page()
        await page.goto("/login")
        await page.get_by_label("E-mail").fill(member.email)
        await page.get_by_label("Password").fill(member.password)
        await page.get_by_role("button", name="Log in").click()
        await page.wait_for_url("**/")
        return page

    yield enter
    for context in contexts:
        await context.close()
