"""From an event to a new score: fold, learn, blend, explain. All in memory; time is the event's."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from leadflow.scoring import goals, weights, wording
from leadflow.scoring.attributes import Value
from leadflow.scoring.bands import NEW, Standing, move
from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.explanation import Explanation, Kind, Term, explain, headlines, logit, sigmoid
from leadflow.scoring.features import LeadFeatures, day_of, fold, vector
from leadflow.scoring.goals import Goal
from leadflow.scoring.labels import Labels, Lesson, Window
from leadflow.scoring.learning import Grade, OnlineModel
from leadflow.scoring.monitoring.diary import Diary
from leadflow.scoring.rules import RuleBook, learned_weight
from leadflow.scoring.trail import extended

MAX_SAYINGS: Final = 4096
SHOWN: Final = 6
"""Reasons without a rule that are shown one by one; the rest are summed up in one line."""


class Happening(Protocol):
    """The part of a recorded event that scoring reads."""

    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, object]: ...
    @property
    def occurred_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Previous:
    """The score that a lead had until now, unrounded, and its band."""

    score: float
    band: Band
    standing: Standing = NEW
    trail: str = ""
    """How it got there; see `scoring.trail`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A lead's new score as shown, the change of what is shown, and why."""

    score: int
    delta: int
    band: Band
    headlines: tuple[tuple[str, str], ...]
    explanation: Explanation
    standing: Standing = NEW
    trail: str = ""

    @property
    def headline(self) -> str:
        """The one line that a card has room for."""
        return self.headlines[0][0] if self.headlines else ""


@dataclass(frozen=True, slots=True)
class Scored:
    """The features after an event; `verdict` is None when the score stands as it was."""

    features: LeadFeatures
    verdict: Verdict | None
    learned: bool = False
    """The model has changed and wants to be saved."""


class Scorer:
    """Scores the leads of one organization; `model` learns as outcomes, and the end of waiting for them, come by.

    `pupils` are all that learn, by their names, when it is not alone; nothing is scored by the others.
    """

    def __init__(
        self,
        config: ScoringConfig,
        model: OnlineModel,
        labels: Labels | None = None,
        pupils: Mapping[str, OnlineModel] | None = None,
    ) -> None:
        self.config = config
        self.model = model
        self.labels = labels or Labels(Window())
        self.grades: list[Grade] = []
        """Of every example learned from, in the order of the log, and of `pupils`."""
        self.diary = Diary()
        self._pupils = list((pupils or {"": model}).items())
        self._rules = RuleBook(config)
        self._sayings: dict[tuple[str, Value | None, bool], str] = {}
        self._half_lives = config.half_lives
        self._start = logit(config.base / 100.0)
        self._shift = logit(config.usual_score / 100.0) - logit(config.usual_win_rate)

    def apply(self, lead_id: UUID, features: LeadFeatures, previous: Previous | None, event: Happening) -> Scored:
        """One event of one lead, in the order of the log."""
        after, learned = self.hear(lead_id, features, event, is_new=previous is None)
        has_ended = bool(after.outcome) and after.outcome != features.outcome
        if previous is not None and (after is features or after.outcome == "won" or has_ended):
            return Scored(after, None, learned)
        return Scored(after, self.judge(after, previous, event.occurred_at), learned)

    def hear(
        self, lead_id: UUID, features: LeadFeatures, event: Happening, *, is_new: bool
    ) -> tuple[LeadFeatures, bool]:
        """What is known of the lead after the event, and whether something was learned; nothing is scored."""
        today = day_of(event.occurred_at)
        learned = self._learn(self.labels.advance(today), today)
        after = fold(features, event.kind, event.data, event.occurred_at, self._half_lives)
        reached = goals.said(self.labels.goal, event.kind, event.data)
        if after is features and not is_new and reached is None:
            return after, learned
        if reached is not None and reached is not self.labels.has_won(lead_id):
            learned |= self._learn(self.labels.close(lead_id, today, features, won=reached), today)
        elif after.outcome != features.outcome:
            learned |= self._close(lead_id, today, features, after)
        self.labels.see(lead_id, today, features, after)
        return after, learned

    def adopt(self, told: Mapping[str, object]) -> None:
        """Something was trained anew elsewhere."""
        if (found := weights.read(told)) is not None:
            for _, pupil in self._pupils:
                pupil.adopt(*found)

    def judge(self, features: LeadFeatures, previous: Previous | None, at: datetime | None = None) -> Verdict:
        """The score of a lead as of its latest event, at `at`; without it no band is kept for the dwell time."""
        model = self.model
        weight = learned_weight(model.wins, model.losses, self.config.patience)
        start, terms = (1.0 - weight) * self._start, self._rules.terms(features, 1.0 - weight)
        if weight > 0.0:
            terms = self._blended(features, terms, weight)
            start += weight * (model.intercept + self._shift)
        explanation = explain(start, terms, outcomes=round(model.wins + model.losses), weight=weight)
        shown = round(explanation.score)
        band, standing = self.settle(features, previous, shown, at)
        return Verdict(
            score=shown,
            delta=shown - round(previous.score) if previous else 0,
            band=band,
            headlines=headlines(c for c in explanation.contributions if wording.says_something(c.label)),
            explanation=explanation,
            standing=standing,
            trail=extended(previous.trail if previous else "", at, shown),
        )

    def glance(self, features: LeadFeatures) -> float:
        """The score that `judge` would give, to 1e-9, without its reasons."""
        model = self.model
        weight = learned_weight(model.wins, model.losses, self.config.patience)
        z = (1.0 - weight) * self._start + self._rules.sum(features, 1.0 - weight)
        if weight > 0.0:
            z += weight * (model.intercept + self._shift + math.fsum(model.contributions(vector(features)).values()))
        return 100.0 * sigmoid(z)

    def cool(self, features: LeadFeatures, previous: Previous | None, at: datetime) -> Verdict:
        """The score of a lead as of `at`, when nothing has happened since its latest event."""
        return self.judge(replace(features, at=max(features.at, day_of(at))), previous, at)

    def settle(
        self, features: LeadFeatures, previous: Previous | None, shown: int, at: datetime | None
    ) -> tuple[Band, Standing]:
        """The band of a lead whose score is `shown` from now on, and since when."""
        band, standing = (previous.band, previous.standing) if previous else (None, NEW)
        return move(shown, band, standing, at, self.config.thresholds, is_closed=bool(features.outcome))

    def _close(self, lead_id: UUID, today: float, before: LeadFeatures, after: LeadFeatures) -> bool:
        """An outcome is learned from what was known before it; one that did not last is taken back.

        Who has come to a goal before the deal has done so whatever becomes of the deal.
        """
        if self.labels.goal is not Goal.WON and self.labels.has_won(lead_id):
            return False
        if after.outcome:
            return self._learn(self.labels.close(lead_id, today, before, won=after.outcome == "won"), today)
        return self._learn(self.labels.reopen(lead_id, today), today)

    def _learn(self, lessons: Sequence[Lesson], today: float) -> bool:
        for x, won, weight in lessons:
            for name, pupil in self._pupils:
                self.diary.hear(name, pupil, today, (x, won, weight))
                said = pupil.learn(x, won, weight)
                if weight > 0.0:
                    self.grades.append(Grade(name, today, said, won, weight))
        return bool(lessons)

    def _blended(self, features: LeadFeatures, ruled: list[Term], weight: float) -> list[Term]:
        """One reason for each attribute that rules or outcomes speak about, in the words of whichever says more."""
        x = vector(features)
        learned = self.model.contributions(x)
        terms = []
        for label, kind, by_rule, attribute in ruled:
            z = weight * learned.pop(attribute, 0.0)
            if abs(z) <= abs(by_rule) or (z > 0.0 and kind is Kind.ENGAGEMENT):
                terms.append(Term(label, kind, by_rule + z, attribute))
            else:
                terms.append(self._term(features, x, attribute, z, by_rule))
        rest = sorted(learned.items(), key=_strength)
        terms += [self._term(features, x, attribute, weight * z, 0.0) for attribute, z in rest[:SHOWN]]
        terms.append(Term(wording.OTHER_SIGNALS, Kind.LEARNED, weight * sum([z for _, z in rest[SHOWN:]])))
        return terms

    def _term(self, features: LeadFeatures, x: Mapping[str, float], attribute: str, z: float, by_rule: float) -> Term:
        value = features.facts.get(attribute, "" if attribute in x else None)
        said = (attribute, value, z > 0.0)
        label = self._sayings.get(said)
        if label is None:
            label = wording.learned(attribute, value, self._rules.labels, good=z > 0.0, goal=self.labels.goal)
            if len(self._sayings) < MAX_SAYINGS:
                self._sayings[said] = label
        return Term(label, Kind.LEARNED, z + by_rule, attribute)


def _strength(part: tuple[str, float]) -> float:
    return -abs(part[1])
