"""Runs a backtest: reads the log some events at a time, replays them in memory, and keeps the report.

Nothing else is written. Run again after whatever interrupted it, it starts from the beginning.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from leadflow.kernel.clock import milliseconds
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens
from leadflow.scoring import repository as scoring
from leadflow.scoring.backtest import repository
from leadflow.scoring.backtest.replay import Replay
from leadflow.scoring.backtest.repository import Asked
from leadflow.scoring.backtest.rules import Lived, Tally
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.learner import Learner
from leadflow.scoring.learning import LineUp
from leadflow.scoring.past import repository as past
from leadflow.scoring.past.repository import Log
from leadflow.scoring.projection import KINDS

MOST_EVENTS: Final = 500_000
"""Of a longer log the latest are replayed, and the report says so."""


async def run(app: Opens, scope: Scope, backtest: UUID) -> None:
    """Replay, and keep the report; nothing when it is done already, or no longer wanted."""
    scope.require(Permission.SETTINGS_MANAGE)
    async with app.work(scope) as work:
        asked = await repository.begin(work, backtest)
        live = await scoring.config(work)
        log = await past.log(work, KINDS, MOST_EVENTS)
    if asked is None:
        return
    since = asked.made_at - timedelta(days=asked.days)
    models = [Learner.fresh(LineUp(config.champion)).model for config in (live, asked.config)]
    replay = Replay(live, asked.config, models, since)
    if not await _replay(app, scope, asked, log, replay):
        return
    report = await _report(app, scope, asked, live, log, replay)
    async with app.work(scope) as work:
        await repository.finish(work, backtest, report)


async def _replay(app: Opens, scope: Scope, asked: Asked, log: Log, replay: Replay) -> bool:
    """Whether it was wanted to the end."""
    place, replayed = log.start, 0
    while True:
        async with app.reading(scope) as work:
            events, place = await past.read(work, log, place)
        if not events:
            return True
        await asyncio.to_thread(replay.tell, events)
        replayed += len(events)
        async with app.work(scope) as work:
            if not await repository.advance(work, asked.id, events=log.events, replayed=replayed):
                return False


async def _report(
    app: Opens, scope: Scope, asked: Asked, live: ScoringConfig, log: Log, replay: Replay
) -> dict[str, object]:
    tally = Tally(live, asked.config)
    for some in _some(replay):
        async with app.reading(scope) as work:
            today = await repository.standing(work, [life.id for life in some])
        tally.add(some, today)
    since = _since(asked, replay)
    counts = {"window": replay.window, "warm_up": log.events - replay.window, "skipped": log.skipped}
    span = {"since": milliseconds(since), "until": milliseconds(asked.made_at)}
    told = await asyncio.to_thread(tally.to_json, (asked.made_at - since) / timedelta(days=1))
    return {**told, "events": counts, **span}


def _some(replay: Replay) -> Iterator[list[Lived]]:
    lives = replay.lives()
    while some := list(islice(lives, past.AT_ONCE)):
        yield some


def _since(asked: Asked, replay: Replay) -> datetime:
    """Where the window begins, or what is there of it."""
    begins = asked.made_at - timedelta(days=asked.days)
    return min(max(begins, replay.first_at or asked.made_at), asked.made_at)
