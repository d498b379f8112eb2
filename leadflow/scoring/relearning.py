"""Learns everything anew from the log: when there is no learner, or it knows of what has left the log.

In memory, some events at a time, beside the projection; it waits only while the last few are read and what was learned
is written. No score changes by it, unless another model is to score from now on: a lead's next one comes from the new
learner. Run again after whatever interrupted it, it starts from the beginning.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens, Work
from leadflow.scoring import repository
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.events import RELEARNED
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.jobs import relearn_job, rescore_job
from leadflow.scoring.labels import Labels
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.learning import LineUp
from leadflow.scoring.monitoring import keeping as monitoring
from leadflow.scoring.monitoring.tally import Book
from leadflow.scoring.past import repository as past
from leadflow.scoring.past.packing import packed, unpacked
from leadflow.scoring.past.repository import BEGINNING, Log, Past, Place
from leadflow.scoring.projection import KINDS
from leadflow.scoring.repository import Sign
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.settings import repository as settings


class Pupil:
    """Hears the log from its beginning, and remembers leads as they are by then."""

    def __init__(self, config: ScoringConfig, wanted: LineUp) -> None:
        self.learner = Learner.fresh(wanted)
        self.labels = Labels(self.learner.window, self._lead, self.learner.goal)
        self.book = Book()
        self.events = 0
        self._leads: dict[UUID, bytes] = {}
        self._scorer = Scorer(config, self.learner.model, self.labels, self.learner.pupils)
        self.diary = self._scorer.diary

    def hear(self, events: Iterable[Past]) -> None:
        for event in events:
            self.events += 1
            if event.lead_id is None:
                self._scorer.adopt(event.data)
                continue
            before = self._lead(event.lead_id)
            after, _ = self._scorer.hear(event.lead_id, before, event, is_new=event.lead_id not in self._leads)
            if after is not before or event.lead_id not in self._leads:
                self._leads[event.lead_id] = packed(after)
        self.learner.compare(self._scorer.grades)
        self.book.add_all(self._scorer.grades)
        self._scorer.grades.clear()

    def _lead(self, lead_id: UUID) -> LeadFeatures:
        return unpacked(self._leads.get(lead_id, b""))


def ask(work: Work) -> None:
    """Have it done by a worker."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    work.enqueue(relearn_job())


async def run(app: Opens, scope: Scope, sign: Sign, *, if_missing: bool = False) -> None:
    """Learn from the whole log, and let scoring go on from there; `if_missing`: only what nobody has learned yet."""
    scope.require(Permission.SETTINGS_MANAGE)
    async with app.reading(scope) as work:
        config, wanted = await repository.rules(work)
        if if_missing and not await _is_missing(work, wanted, sign):
            return
        pupil, end = Pupil(config, wanted), await past.scored_so_far(work)
    place = BEGINNING
    while True:
        async with app.reading(scope) as work:
            events, place = await past.read(work, Log(KINDS, end), place)
        if not events:
            break
        await asyncio.to_thread(pupil.hear, events)
    async with app.work(scope) as work:
        await _catch_up(work, pupil, end)
        await repository.replace_examples(work, pupil.labels.examples)
        await monitoring.replace(work, pupil.book, pupil.diary, pupil.labels.tally)
        await _put_to_work(work, pupil.learner, sign)
        work.record(Event(RELEARNED, data={"events": pupil.events}))


async def _is_missing(work: Work, wanted: LineUp, sign: Sign) -> bool:
    before = await _stored(work, sign)
    return before is None or before.lacks(wanted)


async def _stored(work: Work, sign: Sign) -> Learner | None:
    found = await repository.load_model(work, NAME, "", sign)
    return None if found is None else Learner.restored(found[1] or {})


async def _put_to_work(work: Work, learner: Learner, sign: Sign) -> None:
    """Where another model scores from now on, or what it learned is about something else, scores follow."""
    before = await _stored(work, sign)
    await repository.save_model(work, NAME, learner.snapshot(), sign)
    if before and (before.champion, before.goal) != (learner.champion, learner.goal):
        number = await settings.begin_again(work)
        if number is not None:
            work.enqueue(rescore_job(number))


async def _catch_up(work: Work, pupil: Pupil, place: Place) -> None:
    """What has been scored meanwhile; from here on nothing is, until this is written."""
    log = Log(KINDS, await past.scored_so_far(work, hold=True))
    while True:
        events, place = await past.read(work, log, place)
        if not events:
            return
        pupil.hear(events)
