"""What a second browser sees of routing and rights, timed on its screen.

A lead goes to another team: until it has left the one board, and until it stands on the other. A time runs out: from
the moment at which it was over until the next one's board shows the lead. A session is ended: until its page says so.
"""

import asyncio
import os
import time
from datetime import timedelta
from uuid import UUID

import uvloop
from playwright.async_api import Browser, Page
from sqlalchemy import text

from bench._browser import browser, visit
from bench._product import Product, product, settle
from bench._stand import Metric, Stand, application, percentile, stand
from leadflow import leads
from leadflow.api.guard import cookie_name
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.leads import CaptureLead, UpdateLead
from leadflow.routing import service as routing
from leadflow.routing.commands import DefineRule
from leadflow.routing.jobs import strike_at
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to, sales_floor

MOVES, BREACHES, SESSIONS = 30, 10, 10
AHEAD = timedelta(seconds=1)
CARDS = "[...document.querySelectorAll('[data-card]')].some(card => card.textContent.includes(name))"
THERE, GONE = f"name => {CARDS}", f"name => !{CARDS}"

END = "path => fetch(path, { method: 'DELETE' }).then(answer => answer.status)"
NO_CONTENT = 204

_DUE_SOON = text("""
    UPDATE lead_clock SET due_at = :at, next_at = :at WHERE organization_id = :organization_id AND lead_id = :lead
""")


def run() -> dict[str, Metric]:
    with stand() as where:
        return uvloop.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    async with application(where) as app:
        floor = await sales_floor(app)
        settle(where)
        with product(where) as running:
            async with browser() as opened:
                return {
                    **await _moves(app, floor, running, opened),
                    **await _breaches(app, floor, running, opened),
                    **await _ended(app, floor, running, opened),
                }


async def _board(app: App, running: Product, opened: Browser, member: Member) -> tuple[Page, UUID]:
    """Somebody's board, live, and the session that it was opened with."""
    assert member.actor.id is not None
    async with app.work(member) as work:
        token = await identity.open_session(work, member.actor.id, OpenSession())
    async with app.work(member) as work:
        latest = max(await identity.my_sessions(work), key=lambda session: session.created_at)
    page = await (await visit(opened, running.web.url, f"{cookie_name(app.settings)}={token}")).new_page()
    await page.goto(running.web.url)
    await page.get_by_role("status").filter(has_text="Live").first.wait_for()
    return page, latest.id


async def _until(page: Page, condition: str, name: str) -> float:
    await page.wait_for_function(condition, arg=name, polling="raf")
    return time.perf_counter()


async def _moves(app: App, floor: Floor, running: Product, opened: Browser) -> dict[str, Metric]:
    lead = await given_to(app, floor, floor.nora, "Grace")
    boards = {member: (await _board(app, running, opened, member))[0] for member in (floor.nora, floor.ben)}
    left, entered = [], []
    await _until(boards[floor.nora], THERE, "Grace")
    for place in range(MOVES):
        before, after = (floor.nora, floor.ben) if place % 2 == 0 else (floor.ben, floor.nora)
        async with app.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(owner=after.actor.id))
        started = time.perf_counter()
        gone, there = await asyncio.gather(_until(boards[before], GONE, "Grace"), _until(boards[after], THERE, "Grace"))
        left.append((gone - started) * 1000)
        entered.append((there - started) * 1000)
    for page in boards.values():
        await page.context.close()
    return {"screens.left_ms": _metric(left, 1000), "screens.entered_ms": _metric(entered, 1000)}


async def _breaches(app: App, floor: Floor, running: Product, opened: Browser) -> dict[str, Metric]:
    ben, nora = ({"people": [str(each.actor.id)]} for each in (floor.ben, floor.nora))
    said = {"name": "Inbound", "pool": ben, "promise": {"minutes": 15, "fallbacks": [nora]}}
    async with app.work(floor.ada) as work:
        await routing.define(work, DefineRule.model_validate(said))
    page, _ = await _board(app, running, opened, floor.nora)
    took = []
    for place in range(BREACHES):
        name = f"Katherine{place}"
        async with app.work(floor.ada) as work:
            lead = (await leads.capture(work, CaptureLead(name=name, email=f"{name}@lead.example"))).lead_id
        await _clocked(app, floor, lead)
        started = time.perf_counter() + AHEAD.total_seconds()
        took.append((await _until(page, THERE, name) - started) * 1000)
    await page.context.close()
    return {"screens.breach_ms": _metric(took, 2000)}


async def _clocked(app: App, floor: Floor, lead: UUID) -> None:
    """Once it has been dealt, its time is over in a second."""
    values = {"organization_id": floor.ada.organization_id, "lead": lead}
    while True:
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            at = work.clock.now() + AHEAD
            if (await work.session.execute(_DUE_SOON, {**values, "at": at})).rowcount:
                work.enqueue(strike_at(at))
                return
        await asyncio.sleep(0.02)


async def _ended(app: App, floor: Floor, running: Product, opened: Browser) -> dict[str, Metric]:
    """Told by the door as always; and found out by the hub itself, as when Redis was away at that moment."""
    other, _ = await _board(app, running, opened, floor.ben)
    told, found_out = [], []
    for place in range(2 * SESSIONS):
        page, session = await _board(app, running, opened, floor.ben)
        started = time.perf_counter()
        if is_told := place % 2 == 0:
            assert await other.evaluate(END, f"/api/v1/sessions/{session}") == NO_CONTENT
        else:
            async with app.work(floor.ben) as work:
                await identity.end_session(work, session)
        await page.get_by_label("Password").wait_for()
        (told if is_told else found_out).append((time.perf_counter() - started) * 1000)
        await page.context.close()
    return {
        "screens.session_ended_ms": _metric(told, 5000),
        "screens.session_ended_untold_ms": _metric(found_out, 5000),
    }


def _metric(took: list[float], goal: int) -> Metric:
    return {
        "value": round(percentile(took, 0.95), 1),
        "unit": "ms",
        "p50": round(percentile(took, 0.5), 1),
        "worst": round(max(took), 1),
        "times": len(took),
        "goal": f"<= {goal} ms",
        "load": round(os.getloadavg()[0], 1),
    }
