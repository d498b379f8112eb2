"""What could happen to a lead next: one more deed of it, a touch by the team, or a fact that becomes known. Pure.

Each is told as the events that would tell it, and folded as those are. Only what can still happen: nobody comes from
another source, and a known title stays.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from leadflow.kernel.fields import LeadField
from leadflow.scoring.attributes import CUSTOM, Value
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.features import DID, RETURNED, TEAM, LeadFeatures, fold
from leadflow.scoring.whatif.others import Others

FEWEST_LEADS: Final = 5
"""A value of an organization's own field is spoken of when so many leads have it."""

_TOUCHES: Final = ("call", "email", "meeting")
_UNWANTED: Final = frozenset({"unsubscribed", "email_bounced", "bounced", "complained", "spam_reported", "no_show"})
_TITLES: Final = {"executive": "CEO", "director": "Director", "manager": "Manager", "staff": "Accountant"}
_DEALS: Final = {"under 1k": 50_000, "1k to 10k": 500_000, "10k to 100k": 5_000_000, "over 100k": 50_000_000}

_Deed = tuple[str, Mapping[str, object]]


class Sort(StrEnum):
    """What kind of change it is."""

    DEED = "behaviour"
    TOUCH = "touch"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Change:
    """`about` is the attribute that it is about, `value` what that becomes, `field` the field of a lead that tells."""

    sort: Sort
    about: str
    value: str = ""
    field: str = ""
    deeds: tuple[_Deed, ...] = dataclasses.field(default=(), compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.about, self.value

    def allows(self, other: "Change") -> bool:
        """Whether both can happen: a fact becomes known once, and a lead does things as often as it likes."""
        return self.sort is not Sort.FACT or other.sort is not Sort.FACT or self.about != other.about


def after(
    features: LeadFeatures, changes: Iterable[Change], at: datetime, half_lives: Mapping[str, float]
) -> LeadFeatures:
    """The lead once all this has happened."""
    for change in changes:
        for kind, data in change.deeds:
            features = fold(features, kind, data, at, half_lives)
    return features


def possible(
    features: LeadFeatures, config: ScoringConfig, learned: Iterable[str], others: Others, hidden: Iterable[str]
) -> list[Change]:
    """Everything that could happen next and that a rule or the model knows; `learned` are the model's attributes.

    Nothing about fields that are hidden from whoever asks.
    """
    kept_back = frozenset(hidden)
    changes = [*_deeds(features, config, learned), *_touches(), *_facts(features.facts), *_own(features.facts, others)]
    return [change for change in changes if change.field not in kept_back]


def _deeds(features: LeadFeatures, config: ScoringConfig, learned: Iterable[str]) -> list[Change]:
    points = {rule.behaviour: rule.points for rule in config.engagement}
    names = {*points, *features.engagement, RETURNED}
    names |= {name.removeprefix(DID) for name in learned if name.startswith(DID)}
    wanted = [name for name in names if name not in _UNWANTED and points.get(name, 0.0) >= 0.0]
    return [
        Change(Sort.DEED, name, deeds=(("lead.joined" if name == RETURNED else f"behaviour.{name}", {}),))
        for name in sorted(wanted)
        if not name.startswith(TEAM)
    ]


def _touches() -> list[Change]:
    return [Change(Sort.TOUCH, TEAM + name, deeds=((f"activity.{name}", {}),)) for name in _TOUCHES]


def _facts(facts: Mapping[str, Value]) -> list[Change]:
    changes: list[Change] = []
    if "has_phone" not in facts:
        changes.append(_edit("has_phone", LeadField.PHONE, "+49 30 1234567"))
    if "has_company" not in facts:
        changes.append(_edit("has_company", LeadField.COMPANY, "Company"))
    if "seniority" not in facts:
        changes += [_edit("seniority", LeadField.TITLE, title, value) for value, title in _TITLES.items()]
    if "value" not in facts:
        changes += [_edit("value", LeadField.VALUE, deal, value) for value, deal in _DEALS.items()]
    return changes + _addresses(facts)


def _addresses(facts: Mapping[str, Value]) -> list[Change]:
    """An e-mail address, and what looking it up would say."""
    changes = []
    if "has_email" not in facts:
        changes.append(_edit("has_email", LeadField.EMAIL, "name@mail.example"))
    elif facts.get("deliverable", "unknown") == "unknown":
        changes.append(Change(Sort.FACT, "deliverable", "yes", LeadField.EMAIL, (_found(deliverable="yes"),)))
    if facts.get("email_kind") != "business":
        written = _edited(LeadField.EMAIL, "name@company.example")
        looked_up = _found(email_kind="business", deliverable="yes")
        changes.append(Change(Sort.FACT, "has_email", "business", LeadField.EMAIL, (written, looked_up)))
    return changes


def _own(facts: Mapping[str, Value], others: Others) -> list[Change]:
    """The organization's own fields count as the lead gives them: in a form, by which it also comes back."""
    return [
        Change(Sort.FACT, name, str(outcome.facts[name]), LeadField.CUSTOM, (("lead.joined", _custom(outcome.facts)),))
        for name in others.own_attributes(facts)
        if name.startswith(CUSTOM)
        for outcome in others.outcomes([name])
        if outcome.leads >= FEWEST_LEADS
    ]


def _custom(facts: Mapping[str, Value]) -> Mapping[str, object]:
    return {"custom": {name.removeprefix(CUSTOM): value for name, value in facts.items()}}


def _edit(about: str, field: LeadField, to: object, value: str = "") -> Change:
    return Change(Sort.FACT, about, value, field, (_edited(field, to),))


def _edited(field: LeadField, to: object) -> _Deed:
    return "lead.updated", {"changes": {field.value: {"from": None, "to": to}}}


def _found(**facts: str) -> _Deed:
    return "lead.enriched", {"facts": {name: {"value": value} for name, value in facts.items()}}


def strongest(changes: Sequence[Change], scores: Mapping[tuple[str, str], float], most: int) -> list[Change]:
    """Those that lift the score the most by themselves."""
    return sorted(changes, key=lambda change: (-scores[change.key], change.key))[:most]
