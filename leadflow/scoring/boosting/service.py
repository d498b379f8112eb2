"""Trains trees at night, where a model takes them: what they say becomes an event, and scoring hears of it in the log.

So the same log gives the same models, whatever version of LightGBM is there when it is read again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens, Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.boosting import repository
from leadflow.scoring.boosting.tables import Tables
from leadflow.scoring.boosting.training import train
from leadflow.scoring.events import BOOSTED
from leadflow.scoring.jobs import boost_at
from leadflow.scoring.labels import Example
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.nightly import Nightly
from leadflow.scoring.repository import Sign

MOST_EXAMPLES: Final = 20_000
"""The newest: some seconds of one core, and some ten MB."""
NIGHT: Final = time(1)
SPREAD: Final = 4 * 3600
"""Seconds from `NIGHT` on (UTC) over which organizations are spread."""

Finish = Callable[[], AbstractAsyncContextManager[Work]]


def ask(work: Work) -> None:
    """Have trees trained in the next night."""
    work.enqueue(boost_at(tonight(work.organization_id, work.clock.now())))


def tonight(organization_id: UUID, now: datetime) -> datetime:
    """When it is the organization's turn: the same moment of every night."""
    begins = datetime.combine(now.date(), NIGHT, now.tzinfo) + timedelta(seconds=organization_id.int % SPREAD)
    return begins if begins > now else begins + timedelta(days=1)


async def run(app: Opens, scope: Scope, sign: Sign, finish: Finish) -> None:
    """Train, and tell the log; nothing where no model takes trees, or where they would tell nobody apart yet.

    Raises:
        NoTrees: LightGBM is not here.

    """
    scope.require(Permission.SETTINGS_MANAGE)
    async with app.reading(scope) as work:
        stored = await scoring.load_model(work, NAME, "", sign)
        model = _pupil(Learner.restored(stored[1])) if stored and stored[1] else None
        examples = await repository.latest(work, MOST_EXAMPLES) if model else []
    if model is None:
        return
    tables = await asyncio.to_thread(_trained, model, examples)
    if tables is not None:
        async with finish() as work:
            work.record(Event(BOOSTED, data={"leads": len(examples), "trees": tables.to_json()}))


def _pupil(learner: Learner) -> Nightly | None:
    return next((model for model in learner.models.values() if isinstance(model, Nightly)), None)


def _trained(model: Nightly, examples: Sequence[Example]) -> Tables | None:
    return train(model.encoder, [lesson for example in examples for lesson in example.lessons()])
