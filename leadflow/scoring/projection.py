"""Scoring as a projection: each event of the log becomes, at once, a new score with its reasons."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Asked, Work
from leadflow.scoring import bands, repository, wording
from leadflow.scoring.boosting import service as boosting
from leadflow.scoring.config import Band
from leadflow.scoring.events import ADOPTED, BOOSTED, COOLED, DWELT, POOLED, Turn, told
from leadflow.scoring.features import LeadFeatures, day_of
from leadflow.scoring.gathering.repository import Gathered, gather
from leadflow.scoring.jobs import COOLED_AGAIN, cool_at, learn_missing_job, relearn_job, settle_at
from leadflow.scoring.labels import AT_ONCE, Labels
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.monitoring import keeping as monitoring
from leadflow.scoring.overrides import service as overrides
from leadflow.scoring.repository import BY_ID, Held, Known, Sign
from leadflow.scoring.saving import CHUNK, Saving
from leadflow.scoring.scorer import Previous, Scorer, Verdict

KINDS = (
    "lead.captured", "lead.joined", "lead.updated", "lead.enriched", "lead.won", "lead.lost", "lead.reopened",
    "behaviour.", "activity.", DWELT, COOLED, BOOSTED, POOLED,
)  # fmt: skip
ENDINGS = frozenset({"lead.won", "lead.lost"})
MAX_CACHED = 1000


class Scoring:
    """Folds events into scores. Keeps each organization's learner between batches, under its stored signature."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._learners: dict[UUID, tuple[str, Learner]] = {}

    def projection(self) -> Projection:
        return Projection("scoring", KINDS, self.fold, batch=1000)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        """Score one organization's next events, in order."""
        ids = list({lead_id for event in events for lead_id in _leads(event)})
        until = max(day_of(event.occurred_at) for event in events)
        signature, kept = self._learners.pop(work.organization_id, ("", None))
        found = await gather(work, ids, until, (AT_ONCE + 1) * len(events), signature, self._sign)
        signature, learner = _learner(found, signature, kept)
        is_other = learner.follow(found.wanted)
        labels = Labels(learner.window, goal=learner.goal)
        found.bring_examples(labels)
        scorer = Scorer(found.config, learner.model, labels, learner.pupils)
        is_first = learner.window.began is None
        if is_first and await repository.has_scores(work):
            work.enqueue(relearn_job())
        elif learner.lacks(found.wanted):
            work.enqueue(learn_missing_job())
        has_learned = await _Batch(work, scorer, found.known, found.held).run(events)
        learner.compare(scorer.grades)
        if scorer.grades and learner.takes_trees:
            boosting.ask(work)
        if labels.changed:
            work.session.execute_last(*repository.saving_examples(work, labels.examples, labels.changed))
        await monitoring.keep(work, scorer)
        if has_learned or is_first or is_other:
            signature = await repository.save_model(work, NAME, learner.snapshot(), self._sign)
        self._keep(work.organization_id, signature, learner)

    def _keep(self, organization_id: UUID, signature: str, learner: Learner) -> None:
        if not signature:
            return
        while len(self._learners) >= MAX_CACHED:
            self._learners.pop(next(iter(self._learners)))
        self._learners[organization_id] = (signature, learner)


def _learner(found: Gathered, signature: str, kept: Learner | None) -> tuple[str, Learner]:
    """The organization's learner. It leaves the cache while it learns: a batch that fails must not keep it."""
    if found.snapshot is None:
        return "", Learner.fresh(found.wanted)
    stored, state = found.snapshot
    if state is None and kept is not None:
        return signature, kept
    return stored, Learner.restored(state or {})


def dwelt(work: Work, leads: Sequence[str]) -> None:
    """Have leads looked at that have been in their bands for the dwell time."""
    work.record(Event(DWELT, data={"leads": list(leads)}))


def _leads(event: RecordedEvent) -> Iterator[UUID]:
    """Those that an event of interest is about."""
    if event.kind in {DWELT, COOLED}:
        leads = event.data["leads"]
        yield from (UUID(str(each)) for each in (leads if isinstance(leads, list) else ()))
    elif event.lead_id is not None:
        yield event.lead_id


class _Batch:
    """One batch of one organization."""

    def __init__(self, work: Work, scorer: Scorer, known: dict[UUID, Known], held: Held) -> None:
        self.work = work
        self.scorer = scorer
        self.known = known
        self.held = held
        self.verdicts: dict[UUID, tuple[LeadFeatures, Verdict]] = {}
        self.unsaved: set[UUID] = set()
        """Leads with verdicts that are not on their way yet."""
        self.features: dict[UUID, LeadFeatures] = {}
        self.settled: dict[UUID, Previous] = {}
        self.dwelling: set[UUID] = set()

    async def run(self, events: Sequence[RecordedEvent]) -> bool:
        """Score them all; says whether something was learned."""
        has_learned = False
        last = {lead_id: place for place, event in enumerate(events) for lead_id in _leads(event)}
        async with Saving(self.work, self.held) as saving:
            for place, event in enumerate(events):
                has_learned |= self._hear(event)
                if place % CHUNK == CHUNK - 1:
                    await saving.write(self._judged([lead for lead in self.unsaved if last[lead] <= place]))
        await self._conclude({event.lead_id for event in events if event.kind in ENDINGS and event.lead_id})
        return has_learned

    def _hear(self, event: RecordedEvent) -> bool:
        has_learned = event.kind in ADOPTED
        if has_learned:
            self.scorer.adopt(event.data)
        for lead_id in _leads(event):
            if event.kind == DWELT:
                self._settle(event, lead_id)
            elif event.kind == COOLED:
                self._cool(event, lead_id)
            else:
                has_learned |= self._apply(event, lead_id)
        return has_learned

    def _judged(self, leads: Sequence[UUID]) -> dict[UUID, tuple[LeadFeatures, Verdict]]:
        """What is to be stored of leads of which the rest of the batch says nothing."""
        self.unsaved.difference_update(leads)
        return {lead_id: self.verdicts[lead_id] for lead_id in leads}

    async def _conclude(self, ended: AbstractSet[UUID]) -> None:
        """What is left is stored when this commits; before, where somebody holds a lead that has ended."""
        rest = list(self._storing())
        if closed := ended & self.held.keys():
            await self.work.session.execute_all(*rest)
            await overrides.end_closed(self.work, closed)
        else:
            for statement, values in rest:
                self.work.session.execute_last(statement, values)
        if any(verdict.band is not Band.COLD for _, verdict in self.verdicts.values()):
            self.work.enqueue(cool_at(self.work.clock.now() + COOLED_AGAIN))
        for lead_id in sorted(self.dwelling | self.verdicts.keys(), key=BY_ID):
            self._look_again(lead_id)

    def _storing(self) -> Iterator[Asked]:
        if self.unsaved:
            yield repository.saving(self.work, self._judged(list(self.unsaved)), self.held)
        if self.settled:
            yield repository.settling(self.work, self.settled, self.held)
        quiet = {lead_id: features for lead_id, features in self.features.items() if lead_id not in self.verdicts}
        if quiet:
            yield repository.remembering(self.work, quiet)

    def _look_again(self, lead_id: UUID) -> None:
        """When a lead that is kept in its band will have been there for long enough."""
        now = self.known[lead_id].previous
        if now and (at := bands.falls_at(round(now.score), now.band, now.standing, self.scorer.config.thresholds)):
            self.work.enqueue(settle_at(lead_id, at))

    def _apply(self, event: RecordedEvent, lead_id: UUID) -> bool:
        lead = self.known.setdefault(lead_id, Known())
        scored = self.scorer.apply(lead_id, lead.features, lead.previous, event)
        if scored.features is not lead.features:
            lead.features = self.features[lead_id] = scored.features
        if scored.verdict is not None:
            self._judge(event, lead_id, lead, scored.verdict)
        elif lead_id in self.verdicts:
            self.verdicts[lead_id] = (scored.features, self.verdicts[lead_id][1])
        if event.kind in ENDINGS:
            self._settle(event, lead_id)
        return scored.learned

    def _cool(self, event: RecordedEvent, lead_id: UUID) -> None:
        """Nothing was learned of the lead: it is judged by what has faded since, and stays as it is known."""
        lead = self.known.get(lead_id)
        if lead is None or lead.previous is None or lead.features.outcome:
            return
        verdict = self.scorer.cool(lead.features, lead.previous, event.occurred_at)
        if verdict.band is not lead.previous.band:
            self._judge(event, lead_id, lead, verdict, wording.quiet(day_of(event.occurred_at) - lead.features.at))

    def _judge(
        self, event: RecordedEvent, lead_id: UUID, lead: Known, verdict: Verdict, reason: str | None = None
    ) -> None:
        before = lead.previous
        self.verdicts[lead_id] = (lead.features, verdict)
        self.unsaved.add(lead_id)
        self.settled.pop(lead_id, None)
        lead.previous = Previous(verdict.explanation.score, verdict.band, verdict.standing, verdict.trail)
        self._turn(event, lead_id, before, lead.previous, verdict.headline if reason is None else reason)

    def _settle(self, event: RecordedEvent, lead_id: UUID) -> None:
        """The score stands, and the band may not: it was kept for the dwell time, which is over."""
        lead = self.known.get(lead_id)
        if lead is None or lead.previous is None:
            return
        self.dwelling.add(lead_id)
        before = lead.previous
        band, standing = self.scorer.settle(lead.features, before, round(before.score), event.occurred_at)
        if band is before.band:
            return
        lead.previous = replace(before, band=band, standing=standing)
        if lead_id in self.verdicts:
            features, verdict = self.verdicts[lead_id]
            self.verdicts[lead_id] = (features, replace(verdict, band=band, standing=standing))
        else:
            self.settled[lead_id] = lead.previous
        self._turn(event, lead_id, before, lead.previous)

    def _turn(
        self, event: RecordedEvent, lead_id: UUID, before: Previous | None, now: Previous, reason: str = ""
    ) -> None:
        score, was = round(now.score), round(before.score) if before else 0
        if before is not None and score == was and before.band is now.band:
            return
        band = before.band if before else None
        turn = Turn(lead_id, band, now.band, was, score, reason, event.kind, event.occurred_at)
        self.work.record_all(told(turn, is_held=lead_id in self.held))
