"""How smoothly the lead table scrolls: 100,000 leads in Chromium, by the wheel, a lead changing now and then.

`table.frames_per_s`: frames that the page drew per second while the wheel turned, counted by requestAnimationFrame, and
beside it a bare virtual list of as many static rows in the same browser, which is what the machine can do at best.
"""

import asyncio
import os
from contextlib import suppress
from itertools import pairwise
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, Page

from bench._browser import browser, visit
from bench._product import Product, product, settle
from bench._stand import Metric, Stand, application, percentile, stand
from leadflow import leads
from leadflow.api.guard import cookie_name
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.leads import UpdateLead
from leadflow.views import queries
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Member, northwind
from tests.fixtures.planted import plant

LEADS = int(os.environ.get("LEADFLOW_BENCH_TABLE_LEADS", "100000"))
ROUNDS = int(os.environ.get("LEADFLOW_BENCH_TABLE_ROUNDS", "3"))
SECONDS, TURN, EVERY_S = 5.0, 240, 0.04
CHANGES_EVERY_S = 0.25

COUNT = """() => {
    window.frames = [];
    const tick = (at) => { window.frames.push(at); window.counting = requestAnimationFrame(tick); };
    window.counting = requestAnimationFrame(tick);
}"""
COUNTED = "() => { cancelAnimationFrame(window.counting); return window.frames; }"
BARE = """<!doctype html><style>
    body { margin: 0; font: 13px sans-serif; } #list { height: 100vh; overflow: auto; } #all { position: relative; }
    .row { position: absolute; inset: 0 0 auto; height: 36px; display: grid; grid-template-columns: repeat(9, 1fr); }
</style><div id="list"><div id="all"></div></div><script>
    const [list, all] = [document.getElementById('list'), document.getElementById('all')];
    all.style.height = `${%d * 36}px`;
    const draw = () => {
        const first = Math.max(0, Math.floor(list.scrollTop / 36) - 10);
        all.replaceChildren(...Array.from({ length: Math.ceil(innerHeight / 36) + 20 }, (_, place) => {
            const row = document.createElement('div');
            row.className = 'row';
            row.style.transform = `translateY(${(first + place) * 36}px)`;
            for (let cell = 0; cell < 9; cell += 1) {
                row.append(Object.assign(document.createElement('span'), { textContent: `Lead ${first + place}` }));
            }
            return row;
        }));
    };
    list.addEventListener('scroll', draw);
    draw();
</script>"""
PLACE = "(list) => Math.round(document.querySelector(list).scrollTop / 36)"


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        ada = (await northwind(app)).owner
        await plant(where.admin_dsn, ada, LEADS)
        settle(where)
        with product(where) as running:
            async with browser() as opened:
                return {"table.frames_per_s": await _scrolled(app, ada, running, opened)}


async def _scrolled(app: App, ada: Member, running: Product, opened: Browser) -> Metric:
    table, bare = await _table(app, ada, running, opened), await (await opened.new_context()).new_page()
    await bare.set_viewport_size({"width": 1440, "height": 900})
    await bare.set_content(BARE % LEADS)
    ours: list[float] = []
    theirs: list[float] = []
    reached = 0
    for _ in range(ROUNDS):
        theirs += await _turned(bare, "#list")
        changing = asyncio.create_task(_change(app, ada))
        ours += await _turned(table, ".lf-table")
        changing.cancel()
        with suppress(asyncio.CancelledError):
            await changing
        reached = int(await table.evaluate(PLACE, ".lf-table"))
    return _metric(ours, theirs, reached)


async def _table(app: App, ada: Member, running: Product, opened: Browser) -> Page:
    assert ada.actor.id is not None
    async with app.work(ada) as work:
        token = await identity.open_session(work, ada.actor.id, OpenSession())
    page = await (await visit(opened, running.web.url, f"{cookie_name(app.settings)}={token}")).new_page()
    await page.goto(f"{running.web.url}/leads?sort=-captured_at")
    await page.locator(".lf-tr--lead").first.wait_for()
    await page.get_by_role("status").filter(has_text="Live").first.wait_for()
    return page


async def _turned(page: Page, list_: str) -> list[float]:
    """The wheel turns; milliseconds from frame to frame."""
    await page.bring_to_front()
    await page.locator(list_).hover(position={"x": 400, "y": 300})
    await page.evaluate(COUNT)
    loop = asyncio.get_running_loop()
    until = loop.time() + SECONDS
    while loop.time() < until:
        await page.mouse.wheel(0, TURN)
        await asyncio.sleep(EVERY_S)
    frames: list[float] = await page.evaluate(COUNTED)
    return [after - before for before, after in pairwise(frames)]


async def _change(app: App, ada: Member) -> None:
    """One lead after another changes, the newest first."""
    async with app.work(ada) as work:
        page = await queries.page(work, LeadFilter(), Sort.CAPTURED_DESC, None, 200)
    rows: list[dict[str, Any]] = page.items
    for number in range(10**6):
        async with app.work(ada) as work:
            row = rows[number % len(rows)]
            await leads.update(work, UUID(row["id"]), UpdateLead(title=f"Title {number}"))
        await asyncio.sleep(CHANGES_EVERY_S)


def _metric(ours: list[float], theirs: list[float], reached: int) -> Metric:
    value, baseline = (1000 * len(each) / sum(each) for each in (ours, theirs))
    return {
        "value": round(value, 1),
        "unit": "frames/s",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 3),
        "goal": ">= 50 frames/s",
        "slowest_frame_ms_p99": round(percentile(ours, 0.99), 1),
        "rows_reached": reached,
        "leads": LEADS,
        "load": round(os.getloadavg()[0], 1),
    }
