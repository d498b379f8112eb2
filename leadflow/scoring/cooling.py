"""Leads that have gone quiet cool down: when what they did has faded so far that they belong into another band.

A score is what was known at a lead's latest event; time passing writes nothing. Some times a day those that are hot or
warm are judged as of now, in memory. Only of those that belong into another band is anything recorded, and the
projection judges them as of that event: the same log gives the same scores.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens, Work
from leadflow.scoring import repository
from leadflow.scoring.config import Band, Thresholds
from leadflow.scoring.events import COOLED
from leadflow.scoring.jobs import COOLED_AGAIN, cool_at
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.repository import Known, Sign
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.settings import repository as settings
from leadflow.scoring.settings.repository import FROM_THE_TOP, NARROW, Place

AT_ONCE: Final = 500


async def run(app: Opens, scope: Scope, sign: Sign) -> None:
    """Record which leads have cooled down; safe to repeat, since none cools down twice."""
    scope.require(Permission.SETTINGS_MANAGE)
    place, is_any = FROM_THE_TOP, False
    async with app.reading(scope) as work:
        scorer = await _scorer(work, sign)
    while True:
        async with app.reading(scope) as work:
            now = work.clock.now()
            leads = await settings.next_leads(work, place, AT_ONCE)
            known = await repository.load(work, [lead for lead, _ in leads])
        is_any |= any(_is_above(lead.previous.band) for lead in known.values() if lead.previous)
        if cooled := await asyncio.to_thread(_cooled, scorer, known, now):
            async with app.work(scope) as work:
                tell(work, cooled)
        if len(leads) < AT_ONCE or leads[-1][1] < _lowest(scorer.config.thresholds):
            break
        place = Place(None, NARROW, leads[-1][1], leads[-1][0])
    if is_any:
        async with app.work(scope) as work:
            work.enqueue(cool_at(work.clock.now() + COOLED_AGAIN))


def tell(work: Work, leads: Sequence[UUID]) -> None:
    """Have these judged as of now."""
    work.record(Event(COOLED, data={"leads": [str(lead) for lead in leads]}))


async def _scorer(work: Work, sign: Sign) -> Scorer:
    config, wanted = await repository.rules(work)
    stored = await repository.load_model(work, NAME, "", sign)
    learner = Learner.restored(stored[1] or {}) if stored else Learner.fresh(wanted)
    learner.follow(wanted)
    return learner.scorer(config)


def _cooled(scorer: Scorer, known: Mapping[UUID, Known], now: datetime) -> list[UUID]:
    return sorted(_belonging_elsewhere(scorer, known, now))


def _belonging_elsewhere(scorer: Scorer, known: Mapping[UUID, Known], now: datetime) -> Iterator[UUID]:
    for lead_id, lead in known.items():
        before = lead.previous
        if before and _is_above(before.band) and scorer.cool(lead.features, before, now).band is not before.band:
            yield lead_id


def _is_above(band: Band) -> bool:
    return band is not Band.COLD


def _lowest(thresholds: Thresholds) -> float:
    """No lead below is hot or warm; one that is kept for the dwell time alone is looked at when that ends."""
    return thresholds.warm - thresholds.hysteresis
