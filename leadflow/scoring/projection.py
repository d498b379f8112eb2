"""Scoring as a projection: each event of the log becomes, at once, a new score with its reasons."""

from collections.abc import Sequence
from uuid import UUID

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.scoring import repository
from leadflow.scoring.events import is_news, scored_event
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.repository import Known, Sign
from leadflow.scoring.scorer import Previous, Scorer, Verdict

MODEL = "logistic"
KINDS = (
    "lead.captured", "lead.joined", "lead.updated", "lead.enriched", "lead.won", "lead.lost", "lead.reopened",
    "behaviour.", "activity.",
)  # fmt: skip
MAX_CACHED = 1000


class Scoring:
    """Folds events into scores. Keeps each organization's learner between batches, under its stored signature."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._learners: dict[UUID, tuple[str, OnlineModel]] = {}

    def projection(self) -> Projection:
        return Projection("scoring", KINDS, self.fold, batch=1000)

    async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
        """Score one organization's next events, in order."""
        signature, model = await self._learner(work)
        scorer = Scorer(await repository.config(work), model)
        known = await repository.load(work, list({event.lead_id for event in events if event.lead_id}))
        has_learned = await _Batch(work, scorer, known).run(events)
        if has_learned:
            signature = await repository.save_model(work, MODEL, model.snapshot(), self._sign)
        self._keep(work.organization_id, signature, model)

    async def _learner(self, work: Work) -> tuple[str, OnlineModel]:
        """The organization's learner. It leaves the cache while it learns: a batch that fails must not keep it."""
        signature, model = self._learners.pop(work.organization_id, ("", None))
        stored = await repository.load_model(work, MODEL, signature, self._sign)
        if stored is None:
            return "", shelf()[MODEL].create()
        if stored[1] is None and model is not None:
            return signature, model
        fresh = shelf()[MODEL].create()
        fresh.restore(stored[1] or {})
        return stored[0], fresh

    def _keep(self, organization_id: UUID, signature: str, model: OnlineModel) -> None:
        if not signature:
            return
        while len(self._learners) >= MAX_CACHED:
            self._learners.pop(next(iter(self._learners)))
        self._learners[organization_id] = (signature, model)


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
        scored = self.scorer.apply(lead.features, lead.previous, event)
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
        if is_news(before, verdict):
            self.work.record(scored_event(lead_id, before, verdict, because=event.kind, at=event.occurred_at))
