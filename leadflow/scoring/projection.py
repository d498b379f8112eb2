"""Scoring as a projection: each event of the log becomes, at once, a new score with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.scoring import repository
from leadflow.scoring.features import LeadFeatures, day_of
from leadflow.scoring.labels import AT_ONCE, Labels, Window
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.repository import Known, Sign
from leadflow.scoring.scorer import Previous, Scorer, Verdict

MODEL = "mix"
KINDS = (
    "lead.captured", "lead.joined", "lead.updated", "lead.enriched", "lead.won", "lead.lost", "lead.reopened",
    "behaviour.", "activity.",
)  # fmt: skip
MAX_CACHED = 1000


@dataclass(slots=True)
class Learner:
    """What an organization's outcomes have taught: the model, and how long to wait for the next ones."""

    model: OnlineModel
    window: Window

    def snapshot(self) -> dict[str, object]:
        return {"model": self.model.snapshot(), "waits": list(self.window.waits)}

    @classmethod
    def fresh(cls) -> "Learner":
        return cls(shelf()[MODEL].create(), Window())

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> "Learner":
        learner = cls.fresh()
        learner.model.restore(state["model"])
        learner.window = Window(state["waits"])
        return learner


class Scoring:
    """Folds events into scores. Keeps each organization's learner between batches, under its stored signature."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._learners: dict[UUID, tuple[str, Learner]] = {}

    def projection(self) -> Projection:
        return Projection("scoring", KINDS, self.fold, batch=1000)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        """Score one organization's next events, in order."""
        signature, learner = await self._learner(work)
        labels = Labels(learner.window)
        scorer = Scorer(await repository.config(work), learner.model, labels)
        ids = list({event.lead_id for event in events if event.lead_id})
        known = await repository.load(work, ids)
        until = max(day_of(event.occurred_at) for event in events)
        await repository.load_examples(work, labels, ids, until, (AT_ONCE + 1) * len(events))
        has_learned = await _Batch(work, scorer, known).run(events)
        if labels.changed:
            await repository.save_examples(work, labels.examples, labels.changed)
        if has_learned:
            signature = await repository.save_model(work, MODEL, learner.snapshot(), self._sign)
        self._keep(work.organization_id, signature, learner)

    async def _learner(self, work: Work) -> tuple[str, Learner]:
        """The organization's learner. It leaves the cache while it learns: a batch that fails must not keep it."""
        signature, learner = self._learners.pop(work.organization_id, ("", None))
        stored = await repository.load_model(work, MODEL, signature, self._sign)
        if stored is None:
            return "", Learner.fresh()
        if stored[1] is None and learner is not None:
            return signature, learner
        return stored[0], Learner.restored(stored[1] or {})

    def _keep(self, organization_id: UUID, signature: str, learner: Learner) -> None:
        if not signature:
            return
        while len(self._learners) >= MAX_CACHED:
            self._learners.pop(next(iter(self._learners)))
        self._learners[organization_id] = (signature, learner)


class _Batch:
    """One batch of one organization."""

    def __init__(self, work: Work, scorer: Scorer, known: dict[UUID, Known]) -> None:
        self.work = work
        self.scorer = scorer
        self.known = known
        self.verdicts: dict[UUID, tuple[LeadFeatures, Verdict]] = {}
        self.features: dict[UUID, LeadFeatures] = {}

    async def run(self, events: Sequence[RecordedEvent]) -> bool:
        has_learned = False
        for event in events:
            if event.lead_id is not None:
                has_learned |= self._apply(event, event.lead_id)
        if self.verdicts:
            await repository.save(self.work, self.verdicts)
        quiet = {lead_id: features for lead_id, features in self.features.items() if lead_id not in self.verdicts}
        if quiet:
            await repository.remember(self.work, quiet)
        return has_learned

    def _apply(self, event: RecordedEvent, lead_id: UUID) -> bool:
        lead = self.known.setdefault(lead_id, Known())
        scored = self.scorer.apply(lead_id, lead.features, lead.previous, event)
        if scored.features is not lead.features:
            lead.features = self.features[lead_id] = scored.features
        if scored.verdict is not None:
            self._judge(event, lead_id, lead, scored.verdict)
        elif lead_id in self.verdicts:
            self.verdicts[lead_id] = (scored.features, self.verdicts[lead_id][1])
        return scored.learned

    def _judge(self, event: RecordedEvent, lead_id: UUID, lead: Known, verdict: Verdict) -> None:
        before = lead.previous
        self.verdicts[lead_id] = (lead.features, verdict)
        lead.previous = Previous(verdict.explanation.score, verdict.band)
        if before is not None and round(before.score) == verdict.score and before.band == verdict.band:
            return
        data: dict[str, JsonValue] = {
            "score": verdict.score,
            "from": round(before.score) if before else 0,
            "band": verdict.band.value,
            "was": before.band.value if before else "",
            "reason": verdict.headline,
            "because": event.kind,
        }
        self.work.record(Event("lead.scored", lead_id, data, occurred_at=event.occurred_at))
