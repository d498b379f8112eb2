"""From an event that another system posts until its new score stands in the page of a real browser.

50 viewers look at the same board; the browser is one more. The page's clock is set against ours before each round.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from playwright.async_api import Page, ViewportSize
from sqlalchemy import text

from bench._browser import browser, visit
from bench._events import Post, post_all
from bench._product import Product, Visitor, leads_wanted
from bench._stand import Metric, percentile
from bench._viewers import BOARD, viewers
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope

VIEWERS, EVENTS_PER_S, ROUNDS, GROUPS = 50, 20, 8, 2
"""Rounds are judged in groups, because few cards are in sight; after some more their scores are as high as they get."""
CARDS = 40
"""Leads in each of three further stages; the best of them are in sight, and only what is in sight is in the page."""
SCREEN = ViewportSize(width=1440, height=900)
STAGES = ("contacted", "qualified", "proposal")
KINDS = ("pricing_visited", "unsubscribed", "email_replied", "demo_requested", "email_clicked")
WARM_UP = 20
LAST_CHANGE_S = 2.0

WATCH = """() => {
    window.seen = [];
    const now = () => performance.timeOrigin + performance.now();
    const scores = new Map();
    const read = (card, at) => {
        const score = card.querySelector('.lf-lead__score')?.firstChild?.nodeValue;
        if (score === undefined || scores.get(card.dataset.card) === score) return;
        scores.set(card.dataset.card, score);
        if (at) window.seen.push([card.dataset.card, at, score]);
    };
    document.querySelectorAll('[data-card]').forEach((card) => read(card, 0));
    new MutationObserver((changes) => {
        const at = now();
        const cards = new Set();
        for (const { target, addedNodes } of changes) {
            const card = (target.nodeType === 1 ? target : target.parentElement)?.closest('[data-card]');
            if (card) cards.add(card);
            for (const node of addedNodes) node.querySelectorAll?.('[data-card]').forEach((come) => read(come, 0));
        }
        cards.forEach((card) => read(card, at));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
IN_SIGHT = """() => [...document.querySelectorAll('[data-card]')].filter((card) => {
    const { top, bottom } = card.getBoundingClientRect();
    const list = card.closest('.lf-column__cards').getBoundingClientRect();
    return top >= list.top && bottom <= list.bottom;
}).map((card) => card.dataset.card)"""
CLOCK = "() => performance.timeOrigin + performance.now()"

_SPREAD = text("""
    UPDATE lead SET stage = :stage WHERE organization_id = :organization_id AND id IN (
        SELECT id FROM lead WHERE organization_id = :organization_id AND stage = 'new' AND score BETWEEN 20 AND 60
        ORDER BY id LIMIT :count)
""")
_ON_BOARD = text("SELECT id FROM lead WHERE organization_id = :organization_id AND stage = ANY(:stages) ORDER BY id")


async def measure(app: App, scope: Scope, product: Product, visitor: Visitor) -> dict[str, Metric]:
    chance = random.Random(13)
    cards = await _spread(app, scope)
    port = product.where.settings.port
    boards = viewers(port, VIEWERS, path="/api/live", cookie=visitor.cookie, messages=[BOARD])
    rounds: list[list[float]] = []
    async with browser() as opened:
        with boards:
            context = await visit(opened, product.web.url, visitor.cookie)
            page = await context.new_page()
            await page.set_viewport_size(SCREEN)
            await page.goto(product.web.url)
            for stage in STAGES:
                await page.locator(f"[data-stage={stage}] [data-card]").first.wait_for(state="attached")
            await page.evaluate(WATCH)
            await _round(product, visitor, page, cards[:WARM_UP], chance)
            for _ in range(ROUNDS):
                in_sight = [UUID(lead) for lead in await page.evaluate(IN_SIGHT)]
                rounds.append(await _round(product, visitor, page, in_sight, chance))
    groups = [list(chain.from_iterable(rounds[place::GROUPS])) for place in range(GROUPS)]
    return {f"live.event_to_dom_p{share}": _metric(groups, share, goal) for share, goal in ((50, 60), (99, 200))}


async def _spread(app: App, scope: Scope) -> list[UUID]:
    values: dict[str, Any] = {"organization_id": scope.organization_id, "count": CARDS}
    async with app.work(scope) as work:
        for stage in STAGES:
            await work.session.execute(_SPREAD, {**values, "stage": stage})
    async with app.work(scope) as work:
        found = await work.session.execute(_ON_BOARD, {**values, "stages": list(STAGES)})
        return list(found.scalars())


async def _round(
    product: Product, visitor: Visitor, page: Page, cards: Sequence[UUID], chance: random.Random
) -> list[float]:
    """Each card once, in random order and at random moments; milliseconds from the request to the changed text."""
    ahead_ms = await _clock_difference(page)
    await page.evaluate("() => { window.seen = []; }")
    chosen = chance.sample(cards, len(cards))
    posted = await post_all(
        product,
        visitor,
        [Post(chance.expovariate(EVENTS_PER_S), card, KINDS[place % len(KINDS)]) for place, card in enumerate(chosen)],
    )
    await asyncio.sleep(LAST_CHANGE_S)
    first: dict[str, float] = {}
    for lead, at_ms, _score in await page.evaluate("() => window.seen"):
        if lead in posted:
            first.setdefault(lead, at_ms - ahead_ms)
    if len(first) < len(posted) / 3:
        print(f"  only {len(first)} of {len(posted)} events changed a score in sight", file=sys.stderr)
    return [at_ms - posted[lead] for lead, at_ms in first.items()]


async def _clock_difference(page: Page) -> float:
    """How many milliseconds the page's clock is ahead, by the quickest of some questions."""
    best = (float("inf"), 0.0)
    for _ in range(30):
        asked = time.time() * 1000
        theirs = await page.evaluate(CLOCK)
        answered = time.time() * 1000
        best = min(best, (answered - asked, theirs - (asked + answered) / 2))
    return best[1]


def _metric(rounds: list[list[float]], share: int, goal: int) -> Metric:
    each = sorted(percentile(values, share / 100) for values in rounds)
    return {
        "value": round(each[len(each) // 2], 1),
        "unit": "ms",
        "spread": [round(each[0], 1), round(each[-1], 1)],
        "goal": f"<= {goal} ms",
        "viewers": VIEWERS,
        "changes_seen": sum(map(len, rounds)),
        "leads": leads_wanted(),
        "load": round(os.getloadavg()[0], 1),
    }
