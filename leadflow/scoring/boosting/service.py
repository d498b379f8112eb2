"""Trains trees at night, where a model takes them: what they say becomes an event, and scoring hears of it in the log.

So the same log gives the same models, whatever version of LightGBM is there when it is read again.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens, Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.adopting import Adopting
from leadflow.scoring.boosting import repository
from leadflow.scoring.boosting.training import train
from leadflow.scoring.events import BOOSTED
from leadflow.scoring.jobs import boost_at
from leadflow.scoring.labels import Example
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.nights import tonight
from leadflow.scoring.repository import Sign
from leadflow.scoring.weights import Origin, Tables

MOST_EXAMPLES: Final = 20_000
"""The newest: some seconds of one core, and some ten MB."""

Finish = Callable[[], AbstractAsyncContextManager[Work]]


def ask(work: Work) -> None:
    """Have trees trained in the next night."""
    work.enqueue(boost_at(tonight(work.organization_id, work.clock.now())))


async def run(app: Opens, scope: Scope, sign: Sign, finish: Finish) -> None:
    """Train, and tell the log; nothing where no model takes trees, or where they would tell nobody apart yet.

    Raises:
        NoTrees: LightGBM is not here.

    """
    scope.require(Permission.SETTINGS_MANAGE)
    async with app.reading(scope) as work:
        stored = await scoring.load_model(work, NAME, "", sign)
        model = Learner.restored(stored[1]).adopter(Origin.TREES) if stored and stored[1] else None
        examples = await repository.latest(work, MOST_EXAMPLES) if model else []
    if model is None:
        return
    tables = await asyncio.to_thread(_trained, model, examples)
    if tables is not None:
        async with finish() as work:
            work.record(Event(BOOSTED, data={"leads": len(examples), "trees": tables.to_json()}))


def _trained(model: Adopting, examples: Sequence[Example]) -> Tables | None:
    return train(model.encoder, [lesson for example in examples for lesson in example.lessons()])
