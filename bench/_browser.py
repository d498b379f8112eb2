"""A headless Chromium that has logged in, or is about to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.fixtures import chromium

WIDE = {"width": 1440, "height": 900}


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.ARGUMENTS), headless=True
        )
        try:
            yield opened
        finally:
            await opened.close()


async def visit(opened: Browser, url: str, cookie: str) -> BrowserContext:
    """A browser of its own (nothing cached) with a session's cookie."""
    context = await opened.new_context(viewport=WIDE)  # type: ignore[arg-type]  # a plain dict will do
    name, _, value = cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": url}])
    return context
