"""What a browser has to fetch before a page can be used, and when it first shows something.

`web.entry_kb`: script, style and font bytes on the wire, page by page, after a real log-in and with nothing cached.
`web.first_paint`: first contentful paint of the board with the processor at a quarter of its speed on a 10 Mbit/s line
with 40 ms of latency. Baseline of both: a Reflex page with a heading on it.
"""

import asyncio
import os
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from playwright.async_api import Browser, BrowserContext, CDPSession, Page

from bench._blank import blank_page
from bench._browser import WIDE, browser
from bench._product import Product, product
from bench._stand import Metric, Stand, application, beside, fill, stand
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.tenancy.service import system_scope

LEADS, ROUNDS = 500, 7
PERSON = {"organization": "Bench", "name": "Ada", "email": "ada@bench.example", "password": "correct-horse-battery"}
PLOTLY = re.compile(r"plotly", re.IGNORECASE)
ASSET = re.compile(r"\.(m?js|css|woff2?|ttf|otf)$")
SETTLED_S = 1.5
SLOW_CPU = 4
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}
FIRST_PAINT = """() => new Promise((found) => new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === 'first-contentful-paint') found(entry.startTime);
}).observe({ type: 'paint', buffered: true }))"""
OWNER = """SELECT m.organization_id, m.account_id FROM membership m JOIN account a ON a.id = m.account_id
           WHERE a.email_norm = %s"""


@dataclass
class Fetched:
    """What one page load brought."""

    bytes: dict[str, int] = field(default_factory=dict)
    unpacked: list[str] = field(default_factory=list)

    @property
    def kb(self) -> float:
        return round(sum(self.bytes.values()) / 1000, 1)


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    with product(where) as running, blank_page(where) as blank:
        lead = await _furnish(running)
        async with browser() as opened:
            paths = {
                "board": "/",
                "leads": "/leads",
                "lead": f"/leads/{lead}",
                "import": "/import",
                "settings": "/settings",
            }
            pages = {
                name: await _fetched(await _logged_in(opened, running), running.web.url + path)
                for name, path in paths.items()
            }
            empty = await _fetched(await opened.new_context(viewport=WIDE), blank.url)  # type: ignore[arg-type]
            ours, bare = [], []
            for _ in range(ROUNDS):
                ours.append(await _first_paint(await _logged_in(opened, running), running.web.url))
                bare.append(await _first_paint(await opened.new_context(viewport=WIDE), blank.url))  # type: ignore[arg-type]
    return {"web.entry_kb": _weight(pages, empty), "web.first_paint": beside("ms", ours, bare, "<= 1.15x")}


def _weight(pages: dict[str, Fetched], empty: Fetched) -> Metric:
    worst = max(pages.values(), key=lambda page: page.kb)
    return {
        "value": worst.kb,
        "unit": "kB",
        "baseline": empty.kb,
        "ratio": round(worst.kb / empty.kb, 3),
        "goal": "<= 420 kB",
        "pages": {name: page.kb for name, page in pages.items()},
        "not_compressed": sorted({name for page in pages.values() for name in page.unpacked}),
        "largest": dict(sorted(worst.bytes.items(), key=lambda item: -item[1])[:8]),
        "load": round(os.getloadavg()[0], 1),
    }


async def _furnish(running: Product) -> str:
    """Somebody signs up, and has leads; returns one of them."""
    url = running.web.url
    async with httpx.AsyncClient() as client:
        signed_up = await client.post(f"{url}/signup", data=PERSON, headers={"origin": url})
        if signed_up.status_code != 303:
            raise RuntimeError(f"signing up: {signed_up.status_code}")
    with psycopg.connect(running.where.admin_dsn) as admin:
        found = admin.execute(OWNER, [PERSON["email"]]).fetchone()
    assert found is not None
    scope = system_scope(found[0]).acting_as(Actor(ActorKind.PERSON, found[1]))
    async with application(running.where) as app:
        return str((await fill(app, scope, LEADS))[0])


async def _logged_in(opened: Browser, running: Product) -> BrowserContext:
    """A browser that knows nothing but its new session."""
    url = running.web.url
    context = await opened.new_context(viewport=WIDE)  # type: ignore[arg-type]  # a plain dict will do
    answer = await context.request.post(
        f"{url}/login",
        form={"email": PERSON["email"], "password": PERSON["password"]},
        headers={"origin": url},
        max_redirects=0,
    )
    if answer.status != 303:
        raise RuntimeError(f"logging in: {answer.status}")
    return context


async def _open(context: BrowserContext) -> tuple[Page, CDPSession]:
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    return page, session


async def _fetched(context: BrowserContext, url: str) -> Fetched:
    page, session = await _open(context)
    fetched, names = Fetched(), dict[str, str]()

    def answered(event: dict[str, Any]) -> None:
        response = event["response"]
        path = urlsplit(response["url"]).path
        if ASSET.search(path):
            names[event["requestId"]] = path
            headers = {name.lower() for name in response["headers"]}
            if "content-encoding" not in headers and not path.endswith(("woff", "woff2")):
                fetched.unpacked.append(path)

    def finished(event: dict[str, Any]) -> None:
        if path := names.get(event["requestId"]):
            fetched.bytes[path] = fetched.bytes.get(path, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    await page.goto(url, wait_until="networkidle")
    await asyncio.sleep(SETTLED_S)
    if any(PLOTLY.search(path) for path in fetched.bytes):
        raise RuntimeError(f"{url} loads Plotly and shows no figure.")
    await context.close()
    return fetched


async def _first_paint(context: BrowserContext, url: str) -> float:
    page, session = await _open(context)
    await session.send("Network.emulateNetworkConditions", LINE)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    await page.goto(url, wait_until="commit")
    painted = float(await page.evaluate(FIRST_PAINT))
    await context.close()
    return painted
