"""After other rules have gone live: open leads are judged anew by what is known of them, some per transaction.

Leads that are hot, and those that come into another band, are first: in one round through the leads that the change of
rules can do that to. Then all others whose shown score changes; among them the best. A lead that scores anew meanwhile
does so by the new rules, so whatever moves past the place is right already.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.bands import band
from leadflow.scoring.config import Band, ScoringConfig, Thresholds
from leadflow.scoring.events import DEPLOYED, RESCORED, Turn, told
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.learning import LineUp
from leadflow.scoring.repository import Known, Sign
from leadflow.scoring.scorer import Previous, Scorer, Verdict
from leadflow.scoring.settings import repository
from leadflow.scoring.settings.repository import NARROW, REST, Place
from leadflow.scoring.settings.swing import swing, unsettled

AT_ONCE: Final = 1_000
"""Leads that are looked at per unit of work: some tenths of a second, all of them written."""
DONE: Final = REST + 1
NEARLY: Final = 1e-6


class Rescoring:
    """Brings scores up to date, chunk after chunk; keeps the organization's learner between them."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign
        self._signature = ""
        self._kept: Learner | None = None

    async def go_on(self, work: Work, number: int) -> bool:
        """Look at the next leads; says whether there may be more. Safe to repeat, and from wherever it was killed.

        A version that is no longer the live one is left alone.
        """
        work.scope.require(Permission.SETTINGS_MANAGE)
        place = await repository.place(work, number)
        if place is None:
            return False
        config, wanted = await scoring.rules(work)
        scores = None if place.round == REST else await self._unsettled(work, number, config, place.round)
        looks = place.looks
        if looks is None:
            looks = await repository.count_looks(work, scores or {})
        leads = await repository.next_leads(work, place, AT_ONCE, scores)
        scorer = (await self._learner(work, wanted)).scorer(config)
        changed = await self._rescore(work, scorer, [lead_id for lead_id, _ in leads], place.round)
        if len(leads) == AT_ONCE:
            last_lead, last_score = leads[-1]
            to = Place(looks, place.round, last_score, last_lead)
        else:
            to = Place(looks, REST if place.round < REST else DONE, None, None)
        ends = work.clock.now() if to.round == DONE else None
        await repository.move(work, number, to, looked=len(leads), changed=changed, rescored_at=ends)
        if ends:
            work.record(Event(RESCORED, data={"number": number}))
        return ends is None

    async def _unsettled(
        self, work: Work, number: int, config: ScoringConfig, turn: int
    ) -> Mapping[Band, Sequence[int]]:
        """Shown scores of leads, by band, among which those are that come first."""
        before = await repository.followed(work, number - 1) if turn == NARROW else None
        moved = swing(before, config) if before else None
        return unsettled(before.thresholds if before else config.thresholds, config.thresholds, moved)

    async def _rescore(self, work: Work, scorer: Scorer, ids: list[UUID], turn: int) -> int:
        """Only what changes is locked, and judged once more as it is then."""
        verdicts = await asyncio.to_thread(_judged, scorer, await scoring.load(work, ids), turn)
        if not verdicts:
            return 0
        known = await scoring.load(work, await repository.hold_leads(work, list(verdicts)))
        verdicts = _judged(scorer, known, turn)
        if verdicts:
            rows = {lead_id: (known[lead_id].features, verdict) for lead_id, verdict in verdicts.items()}
            held = await scoring.held(work, list(rows))
            await work.session.execute(*scoring.saving(work, rows, held))
            for lead_id, verdict in verdicts.items():
                work.record_all(told(_turn(lead_id, known[lead_id].previous, verdict), is_held=lead_id in held))
        return len(verdicts)

    async def _learner(self, work: Work, wanted: LineUp) -> Learner:
        """With the model that scores from now on; the projection need not have seen yet that it is another."""
        stored = await scoring.load_model(work, NAME, self._signature, self._sign)
        if self._kept is None or stored is None or stored[1] is not None:
            self._signature, state = stored or ("", None)
            self._kept = Learner.restored(state) if state else Learner.fresh(wanted)
        self._kept.follow(wanted)
        return self._kept


def _judged(scorer: Scorer, known: Mapping[UUID, Known], turn: int) -> dict[UUID, Verdict]:
    """What is to be written in this round. Most leads are not: a glance is enough for those."""
    verdicts: dict[UUID, Verdict] = {}
    for lead_id, lead in known.items():
        if lead.previous and not _may_be_news(scorer.glance(lead.features), lead.previous, scorer.config.thresholds):
            continue
        verdict = scorer.judge(lead.features, lead.previous)
        if _is_news(lead.previous, verdict) and (turn == REST or _comes_first(lead.previous, verdict)):
            verdicts[lead_id] = verdict
    return verdicts


def _may_be_news(score: float, before: Previous, thresholds: Thresholds) -> bool:
    """By a score that is right to `NEARLY`."""
    shown = round(score)
    is_near = abs(abs(score - shown) - 0.5) < NEARLY
    return is_near or shown != round(before.score) or band(shown, before.band, thresholds) is not before.band


def _is_news(before: Previous | None, verdict: Verdict) -> bool:
    """Whether what is shown of a lead changes."""
    return before is None or round(before.score) != verdict.score or before.band != verdict.band


def _comes_first(before: Previous | None, verdict: Verdict) -> bool:
    was = before.band if before else Band.COLD
    return verdict.band is not was or was is Band.HOT


def _turn(lead_id: UUID, before: Previous | None, verdict: Verdict) -> Turn:
    was, score = (before.band, round(before.score)) if before else (None, 0)
    return Turn(lead_id, was, verdict.band, score, verdict.score, verdict.headline, DEPLOYED)
