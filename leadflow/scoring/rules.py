"""What the configured rules say about a lead, and how much they weigh."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from leadflow.scoring import wording
from leadflow.scoring.attributes import Value
from leadflow.scoring.config import EngagementRule, ScoringConfig
from leadflow.scoring.explanation import Kind, Term
from leadflow.scoring.features import DID, TEAM, Engagement, LeadFeatures

_ANY: Final = ""
_Row = tuple[str, str, Kind, float, str]  # group, label, kind, points, attribute


class RuleBook:
    """A configuration, laid out for quick looking up."""

    def __init__(self, config: ScoringConfig) -> None:
        self.labels = {rule.behaviour: rule.label for rule in config.engagement}
        self._points_per_logit = config.points_per_logit
        self._limits = config.limits
        self._engagement = {rule.behaviour: rule for rule in config.engagement}
        self._other = config.other_behaviour
        self._fit: dict[str, dict[str, list[_Row]]] = {}
        for rule in config.fit:
            by_value = self._fit.setdefault(rule.attribute, {})
            for value in rule.values or (_ANY,):
                by_value.setdefault(value, []).append((rule.group, rule.label, Kind.FIT, rule.points, rule.attribute))

    def terms(self, features: LeadFeatures, share: float = 1.0) -> list[Term]:
        """What each matching rule adds to the log-odds, group limits kept; `share` is the weight of rules at all."""
        rows = self._profile(features.facts)
        rows += self._behaviour(features.engagement, features.at)
        per_point = share / self._points_per_logit
        scales = self._scales(rows)
        if not scales:
            return [Term(label, kind, points * per_point, about) for _, label, kind, points, about in rows]
        return [
            Term(label, kind, points * per_point * (scales.get(group, 1.0) if points > 0.0 else 1.0), about)
            for group, label, kind, points, about in rows
        ]

    def sum(self, features: LeadFeatures, share: float = 1.0) -> float:
        """What all of `terms` add to the log-odds, without telling them apart."""
        by_group: dict[str, float] = {}
        against = 0.0
        for group, points in self._points(features):
            if points > 0.0:
                by_group[group] = by_group.get(group, 0.0) + points
            else:
                against += points
        limits = self._limits
        held = [min(points, limits.get(group, math.inf)) for group, points in by_group.items()]
        return (math.fsum(held) + against) * share / self._points_per_logit

    def _points(self, features: LeadFeatures) -> Iterator[tuple[str, float]]:
        """Group and points of each rule that matches."""
        for group, _, _, points, _ in self._profile(features.facts):
            yield group, points
        for behaviour, known in features.engagement.items():
            if rule := self._rule_of(behaviour):
                yield rule.group, _held(rule, known.heat(features.at))

    def _rule_of(self, behaviour: str) -> EngagementRule | None:
        rule = self._engagement.get(behaviour)
        return self._other if rule is None and not behaviour.startswith(TEAM) else rule

    def _profile(self, facts: Mapping[str, Value]) -> list[_Row]:
        rows: list[_Row] = []
        for attribute, by_value in self._fit.items():
            if attribute in facts:
                rows += by_value.get(str(facts[attribute]), ())
                rows += by_value.get(_ANY, ())
        return rows

    def _behaviour(self, engagement: Mapping[str, Engagement], at: float) -> list[_Row]:
        rows = []
        for behaviour, known in engagement.items():
            rule = self._rule_of(behaviour)
            if rule is None:
                continue
            label = wording.sentence(behaviour) if rule is self._other else rule.label
            said = wording.repeated(label, known)
            rows.append((rule.group, said, Kind.ENGAGEMENT, _held(rule, known.heat(at)), DID + behaviour))
        return rows

    def _scales(self, rows: list[_Row]) -> dict[str, float]:
        """By how much the points of a group shrink when they exceed its limit.

        The sum is exact: what a lead did has another order in the store than in memory, and the same score in either.
        """
        points_of: dict[str, list[float]] = {}
        for group, _, _, points, _ in rows:
            if points > 0.0 and group in self._limits:
                points_of.setdefault(group, []).append(points)
        sums = {group: math.fsum(points) for group, points in points_of.items()}
        return {group: self._limits[group] / total for group, total in sums.items() if total > self._limits[group]}


def _held(rule: EngagementRule, heat: float) -> float:
    points, limit = rule.points * heat, rule.limit
    return limit if points > limit else max(points, -limit)


def evidence(wins: float, losses: float) -> float:
    """How many outcomes there are to learn from: the harmonic mean of wins and losses, so at most twice the rarer.

    >>> evidence(20, 20), evidence(10, 90), evidence(0, 500)
    (20.0, 18.0, 0.0)
    """
    if wins <= 0.0 or losses <= 0.0:
        return 0.0
    return 2.0 * wins * losses / (wins + losses)


def learned_weight(wins: float, losses: float, patience: float) -> float:
    """How much the learned part weighs against the rules: n / (n + patience), n being the evidence."""
    known = evidence(wins, losses)
    return known / (known + patience)
