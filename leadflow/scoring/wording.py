"""Reasons in the words of a sales rep. What is said stays true when it is read days later."""

from collections.abc import Mapping
from typing import Final

from leadflow.scoring.attributes import CUSTOM, NUMBER, Value
from leadflow.scoring.features import DID, TEAM, Engagement
from leadflow.scoring.goals import Goal
from leadflow.scoring.success import WORDS

OTHER_SIGNALS: Final = "Other signals from your history"
MAX_SHOWN: Final = 24
_OFTEN: Final = {2: "twice"}

_TEAM: Final = {"call": "Called by your team", "email": "Written to by your team", "meeting": "Met your team"}
_WHO: Final = {
    "source": "Leads from {}",
    "country": "Leads in {}",
    "mail_provider": "Leads with mail at {}",
    "has_email=yes": "Leads with an e-mail address",
    "has_phone=yes": "Leads with a phone number",
    "has_company=yes": "Leads who name a company",
    "email_kind=business": "Leads with a business e-mail address",
    "email_kind=free": "Leads with a free e-mail address",
    "email_kind=role": "Leads with a shared mailbox",
    "email_kind=disposable": "Leads with a disposable e-mail address",
    "deliverable=yes": "Leads whose e-mail can be delivered",
    "deliverable=no": "Leads whose e-mail cannot be delivered",
    "deliverable=unknown": "Leads whose e-mail could not be checked",
    "seniority=executive": "Executives",
    "seniority=director": "Directors",
    "seniority=manager": "Managers",
    "seniority=staff": "Leads without a leading role",
    "seniority=student": "Students and trainees",
    "value_given": "Deals of {}",
    "touches": "Leads contacted this often",
    "recency": "Leads this recently active",
}
_MISSING: Final = {
    "source": "No source known",
    "country": "No country known",
    "has_email": "No e-mail address",
    "has_phone": "No phone number",
    "has_company": "No company named",
    "seniority": "No job title",
    "value_given": "No deal value given",
    "touches": "Not contacted yet",
    "recency": "No activity yet",
}
_MEASURES: Final = {"touches": "How often your team was in touch", "recency": "How recently a lead was active"}
_ABSENCES: Final = ("No ", "Not ", "So far without: ")


def sentence(behaviour: str) -> str:
    """The name of a behaviour as words.

    >>> sentence("webinar_attended"), sentence("team:call")
    ('Webinar attended', 'Called by your team')
    """
    if behaviour.startswith(TEAM):
        return _TEAM.get(behaviour.removeprefix(TEAM), "Contacted by your team")
    return behaviour.replace("_", " ").strip().capitalize() or "Did something"


def repeated(label: str, engagement: Engagement) -> str:
    """How often something was done: within a day if that is how it was, else in all."""
    if engagement.burst > 1:
        return f"{label} {_times(engagement.burst)} within a day"
    return f"{label} {_times(engagement.times)}" if engagement.times > 1 else label


def learned(attribute: str, value: Value | None, labels: Mapping[str, str], *, good: bool, goal: Goal) -> str:
    """What the learner found about one attribute of a lead; `value` is None when the lead does not have it."""
    if value is None:
        return _missing(attribute, labels, good=good)
    if attribute.startswith(DID):
        did = attribute.removeprefix(DID)
        label = labels.get(did) or sentence(did)
        return label if good else f"{label}: leads this active {WORDS[goal].do} less often"
    return f"{_who(attribute, value)} {WORDS[goal].do} {'more' if good else 'less'} often"


def news(feature: str, labels: Mapping[str, str], *, good: bool, goal: Goal) -> str:
    """What a learner has come to think of leads with a feature.

    >>> news("source=webinar", {}, good=True, goal=Goal.WON), news("did:email_clicked", {}, good=False, goal=Goal.WON)
    ('Leads from webinar win more often than thought', '“Email clicked” says less than thought')
    """
    attribute, is_category, value = feature.partition("=")
    if is_category:
        return f"{_who(attribute, value)} {WORDS[goal].do} {'more' if good else 'less'} often than thought"
    did = attribute.removeprefix(DID)
    what = _MEASURES.get(attribute) or f"“{labels.get(did) or sentence(did)}”"
    return f"{what} says {'more' if good else 'less'} than thought"


def _who(attribute: str, value: Value) -> str:
    if attribute.startswith(NUMBER):
        return f"Around {float(value):g} {_field(attribute, NUMBER)}"
    value = _short(str(value))
    if attribute.startswith(CUSTOM):
        return f"Leads with {_field(attribute, CUSTOM)} “{value}”"
    phrase = _WHO.get(f"{attribute}={value}") or _WHO.get(attribute)
    return phrase.format(value) if phrase else f"Leads with {_field(attribute, '')} “{value}”"


def _missing(attribute: str, labels: Mapping[str, str], *, good: bool) -> str:
    if attribute.startswith(DID):
        did = attribute.removeprefix(DID)
        return ("So far without: " if good else "Not yet: ") + labels.get(did, sentence(did)).lower()
    known = _MISSING.get(attribute)
    return known or f"{_field(attribute, CUSTOM).removeprefix(NUMBER).capitalize()} not known"


def quiet(days: float) -> str:
    """Why a lead has cooled down.

    >>> quiet(21.4), quiet(1.2)
    ('Quiet for 21 days', 'Quiet for a day')
    """
    whole = int(days)
    return f"Quiet for {whole} days" if whole > 1 else "Quiet for a day"


def says_something(label: str) -> bool:
    """Whether a reason is about what a lead is or did: what is missing explains a score, but is no news for a card."""
    return label != OTHER_SIGNALS and not label.startswith(_ABSENCES)


def _field(attribute: str, prefix: str) -> str:
    return attribute.removeprefix(prefix).replace("_", " ")


def _short(value: str) -> str:
    """Ids and other long words are cut: a card has one line."""
    return value if len(value) <= MAX_SHOWN else f"{value[: MAX_SHOWN // 2]}…"


def _times(count: int) -> str:
    return _OFTEN.get(count) or f"{count} times"
