"""Alarms, attributes and behaviours in words. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from leadflow.scoring.attributes import CUSTOM, NUMBER, field_of
from leadflow.scoring.features import DID
from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring.alarms import ERROR, INPUT, SILENCE
from leadflow.scoring.monitoring.drift import Wrong
from leadflow.scoring.monitoring.inputs import LATELY, NEW_LEADS, attribute_of, kind_of
from leadflow.scoring.monitoring.reading import Summary, wilson
from leadflow.scoring.settings.vocabulary import ATTRIBUTES
from leadflow.scoring.success import WORDS
from leadflow.scoring.wording import sentence

_TITLES: Final = {each.key: each.label for each in ATTRIBUTES}
_WRONG: Final = {
    Wrong.MORE.value: "Leads {do} more often than the model says",
    Wrong.FEWER.value: "Leads {do} less often than the model says",
    Wrong.FLATTER.value: "Leads differ less than the model says",
}


def title(attribute: str) -> str:
    """
    >>> title("source"), title("custom:plan_size"), title("found:country")
    ('Source', 'Plan size', 'Country, two letters, found out')
    """
    name = attribute_of(attribute)
    own = name.removeprefix(CUSTOM).removeprefix(NUMBER).replace("_", " ").capitalize()
    words = _TITLES.get(name) or own
    return f"{words}, found out" if kind_of(attribute) == "found" else words


def behaviour(name: str, labels: Mapping[str, str]) -> str:
    return "New leads" if name == NEW_LEADS else labels.get(name) or sentence(name)


def alarm(cause: str, labels: Mapping[str, str], goal: Goal) -> str:
    """A cause of alarm as a sentence.

    >>> alarm("silence:page_viewed", {"page_viewed": "Viewed a page"}, Goal.WON), alarm("error:more", {}, Goal.REPLY)
    ('“Viewed a page” has stopped coming in', 'Leads answer more often than the model says')
    """
    kind, _, about = cause.partition(":")
    match kind:
        case _ if kind == ERROR:
            return _WRONG.get(about, "The model is wrong").format(do=WORDS[goal].do)
        case _ if kind == SILENCE:
            words = behaviour(about, labels)
            return f"{words} have stopped coming in" if about == NEW_LEADS else f"“{words}” has stopped coming in"
        case _:
            return f"New leads are not as they were: {title(about)}"


def told(cause: str, labels: Mapping[str, str], evidence: Mapping[str, Any], now: Goal) -> tuple[str, str]:
    """An alarm and what it rests on. `now` is the goal of today: one that was raised for another is told by that."""
    goal = Goal(evidence.get("goal", now))
    return alarm(cause, labels, goal), because(cause, evidence, goal)


def field_told(cause: str) -> str:
    """The field of a lead that an alarm tells of; empty where it is about none."""
    kind, _, about = cause.partition(":")
    return field_of(attribute_of(about)) if kind == INPUT else ""


def field_of_feature(feature: str) -> str:
    """The field of a lead that a feature of a model tells of.

    >>> field_of_feature("seniority=director"), field_of_feature("did:page_viewed")
    ('title', '')
    """
    attribute = feature.partition("=")[0]
    return "" if attribute.startswith(DID) else field_of(attribute)


def because(cause: str, evidence: Mapping[str, Any], goal: Goal) -> str:
    """What an alarm rests on, as a sentence.

    >>> because("silence:page_viewed", {"since": "2026-03-03", "days": 2, "came": 0, "usual": 81.3}, Goal.WON)
    'In 2 days from 2026-03-03 on there were 0, where 81 were usual.'
    """
    kind, _, about = cause.partition(":")
    if kind == SILENCE:
        days = "1 day" if evidence["days"] == 1 else f"{evidence['days']} days"
        came, usual = evidence["came"], evidence["usual"]
        return f"In {days} from {evidence['since']} on there were {came}, where {usual:.0f} were usual."
    if kind == INPUT:
        shares = "; ".join(
            f"{each['value']} {_percent(each['lately'])}, before {_percent(each['before'])}"
            for each in evidence["shares"]
        )
        return f"Of {evidence['leads']} leads of the last {LATELY} days: {shares}."
    since = f"Since {evidence['since']}" if evidence.get("since") else "Lately"
    said, won = _percent(evidence.get("said", 0.0)), _percent(evidence.get("won", 0.0))
    outcomes, came = f"from {evidence.get('outcomes', 0):,} outcomes", WORDS[goal].those_did
    if about == Wrong.FLATTER.value:
        return f"{since}, {outcomes}: likely leads {came} less often than said, unlikely ones more often."
    return f"{since} it said {said} on average, and {won} {came}, {outcomes}."


def headline(told: Summary, goal: Goal) -> str:
    """How well a model is calibrated, in one sentence."""
    low, high = wilson(told.wins, told.outcomes)
    if low <= told.said <= high:
        verdict = "well calibrated"
    else:
        verdict = "it says too little" if told.won > told.said else "it says too much"
    said, won = _percent(told.said), _percent(told.won)
    came = WORDS[goal].those_did
    return f"On average it said {said}, and {won} {came}: {verdict}, from {told.outcomes:,.0f} outcomes."


def _percent(share: float) -> str:
    """One decimal below ten percent.

    >>> _percent(0.0431), _percent(0.28)
    ('4.3%', '28%')
    """
    return f"{100.0 * share:.{1 if share < 0.0995 else 0}f}%"
