"""What is wrong with rules beyond their types, and what is different about them, in words. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from leadflow.kernel.errors import FieldProblem
from leadflow.scoring.config import EngagementRule, FitRule, ScoringConfig, Thresholds
from leadflow.scoring.goals import LABELS, Goal
from leadflow.scoring.learner import MOST_CHALLENGERS
from leadflow.scoring.models import shelf, title

Rule = FitRule | EngagementRule
_PLAIN = ("base", "points_per_logit", "patience", "usual_win_rate", "usual_score")
_NAMES: Mapping[str, str] = {"label": "name", "limit": "at most", "half_life_days": "half-life in days"}
_ANY = "any"


def problems(config: ScoringConfig, prefix: str = "config.") -> list[FieldProblem]:
    """A model that there is not; two rules about one behaviour: only one of them could count."""
    seen: set[str] = set()
    found = []
    if config.champion not in shelf():
        found.append(FieldProblem(f"{prefix}champion", f"There is no model called {config.champion}."))
    for place, rule in enumerate(config.engagement):
        if rule.behaviour in seen:
            message = f"There is a rule for {rule.behaviour} already. Change that one."
            found.append(FieldProblem(f"{prefix}engagement.{place}.behaviour", message))
        seen.add(rule.behaviour)
    return found


def rivals(challengers: frozenset[str], was: str, now: str) -> frozenset[str]:
    """Who is tried once another champion scores: the one of before, and whoever else there is room for."""
    others = sorted(challengers - {was, now})
    return frozenset([was, *others][:MOST_CHALLENGERS])


def same(one: ScoringConfig, other: ScoringConfig) -> bool:
    return one.model_dump() == other.model_dump()


def changes(before: ScoringConfig, after: ScoringConfig) -> tuple[str, ...]:
    """What is different, a line each.

    >>> from leadflow.scoring.config import DEFAULT
    >>> changes(DEFAULT, DEFAULT.model_copy(update={"base": 20.0}))
    ('Score of a lead nothing is known of: 15 → 20',)
    """
    return (
        *_rules(before.fit, after.fit),
        *_rules(before.engagement, after.engagement),
        *_rules(_one(before.other_behaviour), _one(after.other_behaviour)),
        *_limits(before.limits, after.limits),
        *_values(before.thresholds, after.thresholds, tuple(Thresholds.model_fields)),
        *_values(before, after, _PLAIN),
        *_goal(before.goal, after.goal),
        *_champion(before.champion, after.champion),
    )


def _one(rule: EngagementRule | None) -> tuple[EngagementRule, ...]:
    return () if rule is None else (rule,)


def _rules(before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[str]:
    old, new = _by_name(before), _by_name(after)
    for key, rule in new.items():
        if key not in old:
            yield f"New rule “{rule.label}”: {_points(rule.points)}"
        elif different := list(_parts(old[key], rule)):
            yield f"“{rule.label}”: {', '.join(different)}"
    for key, rule in old.items():
        if key not in new:
            yield f"Removed “{rule.label}” ({_points(rule.points)})"


def _by_name(rules: Sequence[Rule]) -> dict[tuple[str, str, int], Rule]:
    """A behaviour has one rule; rules about one attribute go by their names, and in order where these are the same."""
    named: dict[tuple[str, str, int], Rule] = {}
    times: Counter[tuple[str, str]] = Counter()
    for rule in rules:
        key = (rule.attribute, rule.label) if isinstance(rule, FitRule) else (rule.behaviour, "")
        named[(*key, times[key])] = rule
        times[key] += 1
    return named


def _parts(before: Rule, after: Rule) -> Iterator[str]:
    for name in type(after).model_fields:
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            yield f"{_NAMES.get(name, name)} {_text(was)} → {_text(is_)}"


def _limits(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    for group in sorted(before.keys() | after.keys()):
        was, is_ = before.get(group), after.get(group)
        if was != is_:
            yield f"Most points of the group {group}: {_text(was)} → {_text(is_)}"


def _values(before: BaseModel, after: BaseModel, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            title = type(after).model_fields[name].title or name.replace("_", " ").capitalize()
            yield f"{title}: {_text(was)} → {_text(is_)}"


def _goal(before: Goal, after: Goal) -> Iterator[str]:
    if before is not after:
        yield f"A success: {LABELS[before].lower()} → {LABELS[after].lower()}"


def _champion(before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"Model: {title(before)} → {title(after)}"


def _text(value: object) -> str:
    match value:
        case None:
            return "no limit"
        case tuple():
            return " or ".join(map(str, value)) or _ANY
        case float() | int():
            return f"{value:g}"
        case _:
            return str(value)


def _points(points: float) -> str:
    return f"{points:+g} points"
