"""`kill -9` in the middle of a thousand captures and events: nothing is lost, nothing is doubled, every lead is scored."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from leadflow.bootstrap import App
from leadflow.infra.embedded.redis_server import Redis
from leadflow.kernel.errors import Transient
from leadflow.simulation.applying import apply
from leadflow.simulation.product import Product
from leadflow.simulation.steps import Behave, Capture, Step
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.audit.trail import AUDIT, verify
from tests.fixtures.cast import Member, found_company
from tests.fixtures.installation import NOT_FOR_LATER, as_superuser, fold, kill_redis, worker
from tests.fixtures.patience import eventually

PEOPLE, COMING_AGAIN, DEEDS = 480, 120, 400
POSTERS = 8
KINDS = ("page_viewed", "pricing_visited", "demo_requested", "email_clicked")
GENEROUS_S = 90.0


@pytest.fixture
async def team(app: App) -> list[Member]:
    """Ada, and the three who sell."""
    return await found_company(
        app, "Northwind", ("Ada", Role.OWNER), *((name, Role.REP) for name in ("Ben", "Bea", "Bob"))
    )


def story(app: App, dice: random.Random) -> list[Step]:
    """A thousand steps in an order that could have happened: nobody does anything before they have come in."""
    start = app.clock.now() - timedelta(hours=1)
    keys = [f"p{number}@acme{number % 40}.example" for number in range(PEOPLE)]
    coming = [
        Capture(at=start, key=key, ref=f"first {key}", name=f"Lead {key}", source="web", email=key) for key in keys
    ]
    again = [
        Capture(at=start, key=key, ref=f"again {number}", name="", source="web", email=key.upper())
        for number, key in enumerate(dice.choices(keys[: PEOPLE // 2], k=COMING_AGAIN))
    ]
    deeds = [
        Behave(at=start, key=key, ref=f"deed {number}", kind=dice.choice(KINDS))
        for number, key in enumerate(dice.choices(keys[: PEOPLE // 2], k=DEEDS))
    ]
    known, rest = coming[: PEOPLE // 2], [*coming[PEOPLE // 2 :], *again, *deeds]
    dice.shuffle(rest)
    return [*known, *rest]


@dataclass
class Posting:
    """Systems that post, and that post again what was not answered: every step carries its key."""

    product: Product
    steps: list[Step]
    may: int = 0
    done: int = 0
    repeated: int = 0
    answers: Counter[bool] = field(default_factory=Counter)

    async def run(self) -> None:
        queue = iter(self.steps)
        started = 0

        async def poster() -> None:
            nonlocal started
            for step in queue:
                started += 1
                await eventually(partial(self.is_allowed, started), seconds=GENEROUS_S)
                self.answers[await self.post(step)] += 1
                self.done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(POSTERS):
                group.create_task(poster())

    def is_allowed(self, number: int) -> bool:
        return number <= self.may

    async def post(self, step: Step) -> bool:
        while True:
            try:
                return await apply(self.product, step)
            except (DBAPIError, Transient):
                self.repeated += 1
                await asyncio.sleep(0.05)

    async def until(self, number: int) -> None:
        await eventually(lambda: self.done >= number, seconds=GENEROUS_S)


async def ask(app: App, scope: Member, question: str) -> list[Any]:
    async with app.work(scope) as work:
        return list(await work.session.execute(text(question)))


async def number(app: App, scope: Member, question: str) -> int:
    return int((await ask(app, scope, question))[0][0])


async def scored(app: App, scope: Member) -> int:
    return await number(app, scope, "SELECT count(*) FROM lead_score")


def let_leases_expire(app: App) -> None:
    """A minute passes: whoever was killed holds its jobs no longer."""
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")


async def test_a_thousand_captures_and_events_survive_two_dead_workers_and_a_dead_redis(
    app: App, redis: Redis, team: list[Member]
) -> None:
    ada, *reps = team
    steps = story(app, random.Random(1))
    assert len(steps) == 1000
    posting = Posting(Product(app, system_scope(ada.organization_id), {}), steps)
    systems = asyncio.create_task(posting.run())

    async with worker(app.settings) as first:
        posting.may = 400
        await posting.until(250)
        await eventually(lambda: scored(app, ada), seconds=GENEROUS_S)
        first.kill()
        await first.wait()
        await posting.until(400)
    let_leases_expire(app)

    async with worker(app.settings) as second:
        posting.may = 700
        behind = await scored(app, ada)
        await eventually(lambda: _more(app, ada, behind), seconds=GENEROUS_S)
        kill_redis(redis)
        await posting.until(550)
        redis.start()
        await posting.until(650)
        second.kill()
        await second.wait()
    let_leases_expire(app)

    async with worker(app.settings):
        posting.may = len(steps)
        await systems
        let_leases_expire(app)
        await eventually(lambda: is_settled(app, ada), seconds=GENEROUS_S)

    await _nothing_is_lost_and_nothing_doubled(app, ada, posting)
    await _turns_were_fair(app, ada, reps)
    await _scores_are_what_the_log_says(app, ada)
    await _the_trail_is_whole(app, ada)


async def _more(app: App, scope: Member, before: int) -> bool:
    return await scored(app, scope) > before


async def is_settled(app: App, scope: Member) -> bool:
    undone = await number(
        app,
        scope,
        f"""
        SELECT (SELECT count(*) FROM lead WHERE owner_id IS NULL OR facts = '{{}}')
             + (SELECT count(*) FROM job WHERE state <> 'done' AND {NOT_FOR_LATER})
             + (SELECT count(*) FROM unnest(ARRAY['scoring', 'routing']) AS p (name)
                LEFT JOIN projection_cursor c ON c.projection = p.name
                JOIN event e ON (e.xid, e.seq) > (coalesce(c.xid, '0'::xid8), coalesce(c.seq, 0)))
        """,
    )
    return undone == 0


async def _nothing_is_lost_and_nothing_doubled(app: App, ada: Member, posting: Posting) -> None:
    assert posting.answers == {True: 1000}
    assert await number(app, ada, "SELECT count(*) FROM lead") == PEOPLE
    kinds = Counter(dict(await ask(app, ada, "SELECT kind, count(*) FROM event GROUP BY kind")))
    assert kinds["lead.captured"] == kinds["lead.assigned"] == kinds["lead.enriched"] == PEOPLE
    assert kinds["lead.joined"] == COMING_AGAIN
    assert sum(count for kind, count in kinds.items() if kind.startswith("behaviour.")) == DEEDS
    for kind in ("lead.captured", "lead.assigned", "lead.enriched"):
        per_lead = await ask(app, ada, f"SELECT DISTINCT count(*) FROM event WHERE kind = '{kind}' GROUP BY lead_id")
        assert per_lead == [(1,)], kind
    unscored = "SELECT count(*) FROM lead l LEFT JOIN lead_score s ON s.lead_id = l.id WHERE s.lead_id IS NULL"
    assert await number(app, ada, unscored) == 0
    told = "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.scored'"
    assert await number(app, ada, told) == PEOPLE
    ends = f"SELECT state, count(*) FROM job WHERE {NOT_FOR_LATER} GROUP BY state"
    assert dict(await ask(app, ada, ends)).keys() == {"done"}


async def _turns_were_fair(app: App, ada: Member, reps: list[Member]) -> None:
    owned = dict(await ask(app, ada, "SELECT owner_id, count(*) FROM lead GROUP BY owner_id"))
    assert owned.keys() == {rep.actor.id for rep in reps}
    assert max(owned.values()) - min(owned.values()) <= 1
    assert dict(await ask(app, ada, "SELECT account_id, given FROM assignment_standing")) == owned


async def _scores_are_what_the_log_says(app: App, ada: Member) -> None:
    """Each event was folded exactly once: told anew from the beginning, the log gives the same scores."""
    columns = "lead_id, score, band, band_since, band_changes, features, explanation"
    question = f"SELECT {columns} FROM lead_score ORDER BY lead_id"
    stored = await ask(app, ada, question)
    with as_superuser(app.settings) as admin:
        admin.execute("DELETE FROM lead_score")
        admin.execute("DELETE FROM projection_cursor WHERE projection = 'scoring'")
    await fold(app, ada.organization_id, "scoring")
    anew = await ask(app, ada, question)
    assert [(was, now) for was, now in zip(stored, anew, strict=True) if was != now] == []


async def _the_trail_is_whole(app: App, ada: Member) -> None:
    await fold(app, ada.organization_id, AUDIT)
    sensitive = await number(app, ada, "SELECT count(*) FROM audit_entry WHERE kind = 'lead.assigned'")
    assert sensitive == PEOPLE
    verdict = await verify(app, ada.organization_id)
    assert (verdict.broken, verdict.waiting) == (None, 0)
