"""Which missing fact about a lead would be worth finding: the expected value of knowing it. Pure.

Each value that the organization's other leads have is put in, the scorer says what the score would be, and the changes
are weighed by how many leads have the value (expected value of information: Howard 1966, IEEE Transactions on Systems
Science and Cybernetics 2, in points of the score).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from leadflow.kernel.fields import LeadField
from leadflow.scoring.attributes import Value, field_of
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.scorer import Previous, Scorer
from leadflow.scoring.whatif.others import Facts, Others

FEWEST_LEADS: Final = 20
"""Nothing is said that rests on fewer leads."""
LEAST_POINTS: Final = 1.0
MOST: Final = 3


class By(StrEnum):
    """How it becomes known: somebody writes it down, the lead says it in a form, or it is looked up."""

    HAND = "hand"
    FORM = "form"
    LOOKUP = "lookup"


class Unknown(NamedTuple):
    """A fact that is not known; what becomes known with it are `attributes`, the first of them the fact itself."""

    attributes: tuple[str, ...]
    field: str
    by: By = By.HAND


@dataclass(frozen=True, slots=True)
class Worth:
    """By how many points the score would move on average, and how likely the band would change; `leads` know it."""

    unknown: Unknown
    points: float
    chance: float
    leads: int


_PLAIN: Final = (
    Unknown(("has_phone",), LeadField.PHONE),
    Unknown(("has_company",), LeadField.COMPANY),
    Unknown(("has_email", "email_kind", "deliverable", "mail_provider"), LeadField.EMAIL),
    Unknown(("seniority",), LeadField.TITLE),
    Unknown(("value",), LeadField.VALUE),
)


def worth_finding(
    scorer: Scorer, features: LeadFeatures, previous: Previous, others: Others, hidden: Iterable[str]
) -> tuple[Worth, ...]:
    """What would move the score the most, first; nothing about a lead that is won or lost, or about hidden fields."""
    if features.outcome:
        return ()
    kept_back = frozenset(hidden)
    asked = [each for each in unknown(features.facts, others) if each.field not in kept_back]
    found = [worth_of(scorer, features, previous, others, each) for each in asked]
    telling = [each for each in found if each.leads >= FEWEST_LEADS and each.points >= LEAST_POINTS]
    return tuple(sorted(telling, key=lambda each: (-each.points, each.unknown.attributes))[:MOST])


def unknown(facts: Mapping[str, Value], others: Others) -> list[Unknown]:
    """The facts of a lead that are not known, and could be."""
    missing = [each for each in _PLAIN if each.attributes[0] not in facts]
    if "has_email" in facts and facts.get("deliverable", "unknown") == "unknown":
        missing.append(Unknown(("deliverable",), LeadField.EMAIL, By.LOOKUP))
    return missing + [Unknown((name,), field_of(name), By.FORM) for name in others.own_attributes(facts)]


def worth_of(scorer: Scorer, features: LeadFeatures, previous: Previous, others: Others, what: Unknown) -> Worth:
    """Over the most frequent values; the score as it is now is taken from the same model."""
    first, *_ = what.attributes
    outcomes = [each for each in others.outcomes(what.attributes) if each.facts[first] != "unknown"]
    leads = sum(each.leads for each in outcomes)
    if not leads:
        return Worth(what, 0.0, 0.0, 0)
    now = scorer.judge(features, previous)
    then = [(each.leads, scorer.judge(_knowing(features, each.facts), previous)) for each in outcomes]
    moved = math.fsum(count * abs(verdict.explanation.score - now.explanation.score) for count, verdict in then)
    turned = sum(count for count, verdict in then if verdict.band is not now.band)
    return Worth(what, moved / leads, turned / leads, leads)


def _knowing(features: LeadFeatures, facts: Facts) -> LeadFeatures:
    return replace(features, facts={**features.facts, **facts})
