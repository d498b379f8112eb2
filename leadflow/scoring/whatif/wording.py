"""What would lift a lead, and what is worth finding out, in the words of a sales rep."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from leadflow.scoring.attributes import CUSTOM, NUMBER
from leadflow.scoring.config import Band
from leadflow.scoring.features import DID, RETURNED, TEAM, LeadFeatures
from leadflow.scoring.whatif.changes import Change, Sort
from leadflow.scoring.wording import sentence

_DEEDS: Final = {
    "demo_requested": ("a demo request", "demo requests"),
    "meeting_booked": ("a booked meeting", "booked meetings"),
    "email_replied": ("a reply to an e-mail", "replies to e-mails"),
    "pricing_visited": ("a visit to pricing", "visits to pricing"),
    "form_submitted": ("a submitted form", "submitted forms"),
    "email_clicked": ("a click in an e-mail", "clicks in e-mails"),
    "page_viewed": ("a viewed page", "viewed pages"),
    "email_opened": ("an opened e-mail", "opened e-mails"),
    f"{TEAM}call": ("a call by your team", "calls by your team"),
    f"{TEAM}email": ("an e-mail from your team", "e-mails from your team"),
    f"{TEAM}meeting": ("a meeting with your team", "meetings with your team"),
}
_NUMBERS: Final = {2: "two", 3: "three", 4: "four"}
_FACTS: Final = {
    ("has_phone", ""): "a phone number",
    ("has_company", ""): "the name of a company",
    ("has_email", ""): "an e-mail address",
    ("has_email", "business"): "a business e-mail address",
    ("deliverable", "yes"): "an e-mail address that can be delivered to",
    ("seniority", "executive"): "the title of an executive",
    ("seniority", "director"): "the title of a director",
    ("seniority", "manager"): "the title of a manager",
    ("seniority", "staff"): "a title without a leading role",
}
_MISSING: Final = {
    "has_phone": "Phone number",
    "has_company": "Company",
    "has_email": "E-mail address",
    "deliverable": "Whether e-mail can be delivered",
    "seniority": "Job title",
    "value": "Deal value",
}


def would(changes: Sequence[Change], features: LeadFeatures, labels: Mapping[str, str], band: Band) -> str:
    """The whole sentence; `labels` are those of the rules by behaviour."""
    return f"{together(changes, features, labels)} would make it {band}"


def together(changes: Sequence[Change], features: LeadFeatures, labels: Mapping[str, str]) -> str:
    """What would happen, each kind of it once."""
    counts = Counter(changes)
    said = [_said(change, times, features, labels) for change, times in counts.items()]
    words = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return words[:1].upper() + words[1:]


def missing(attribute: str) -> str:
    """The name of a fact that is not known."""
    own = attribute.removeprefix(CUSTOM).removeprefix(NUMBER).replace("_", " ")
    return _MISSING.get(attribute) or own[:1].upper() + own[1:]


def _said(change: Change, times: int, features: LeadFeatures, labels: Mapping[str, str]) -> str:
    if change.sort is Sort.FACT:
        return _fact(change)
    if change.about == RETURNED:
        return _again("coming back", times, knows=RETURNED in features.engagement)
    knows = change.about in features.engagement
    if change.about in _DEEDS:
        one, many = _DEEDS[change.about]
        if times > 1:
            return f"{_NUMBERS[times]} {'more ' if knows else ''}{many}"
        return f"another {one.split(' ', 1)[1]}" if knows else one
    label = labels.get(change.about) or sentence(change.about.removeprefix(DID))
    return _again(f"“{label}”", times, knows=knows)


def _again(words: str, times: int, *, knows: bool) -> str:
    if times > 1:
        return f"{words} {_NUMBERS[times]}{' more' if knows else ''} times"
    return f"{words} once more" if knows else words


def _fact(change: Change) -> str:
    if change.about == "value":
        return f"a deal {'of ' if change.value[:1].isdigit() else ''}{change.value}"
    if change.about.startswith(CUSTOM):
        return f"coming back with {missing(change.about).lower()} “{change.value}”"
    return _FACTS[change.key]
