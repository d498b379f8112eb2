"""What a lead says of itself, and what was found out about it, as words and numbers that can be counted."""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from leadflow.kernel.fields import LeadField

Value = str | float

CUSTOM: Final = "custom:"
NUMBER: Final = "number:"
OWN: Final = (CUSTOM, NUMBER)
MAX_CUSTOM: Final = 24
MAX_WORD: Final = 60
LARGEST: Final = 1e300

_ENRICHED: Final = ("email_kind", "deliverable", "mail_provider", "country")
_NOT_A_LETTER: Final = re.compile(r"\W+")
_NUMBER: Final = re.compile(r"[+-]?(0|[1-9]\d{0,14})(\.\d{1,9})?")
_SENIORITY: Final = (
    ("student", re.compile(r"\b(student|intern|trainee|apprentice|pupil)\b")),
    ("director", re.compile(r"\b(e|s)?vp\b|\bvice[ -]president\b|\bhead\b|\bdirector\b(?<!managing director)")),
    (
        "executive",
        re.compile(
            r"\bc[efimorst]o\b|\bchief\b|\b(co-?)?founder\b|\bowner\b|\bpresident\b|\bpartner\b"
            r"|\bmanaging director\b|\bproprietor\b|\bgesch[aä]ftsf[uü]hrer"
        ),
    ),
    ("manager", re.compile(r"\bmanager\b|\blead\b|\bsupervisor\b|\bteam leader\b")),
)
_VALUE_BANDS: Final = ((1_000, "under 1k"), (10_000, "1k to 10k"), (100_000, "10k to 100k"), (math.inf, "over 100k"))


def given(data: Mapping[str, object]) -> dict[str, Value]:
    """Facts in the words of a capture; absent and empty fields say nothing.

    `value_given` is the deal as the lead put it, `value` the deal as it stands now.
    """
    facts = {f"has_{name}": "yes" for name in ("email", "phone") if data.get(name)}
    facts |= {name: fact for field, (name, read) in _FIELDS.items() if (fact := read(data.get(field)))}
    if "value" in facts:
        facts["value_given"] = facts["value"]
    return dict(facts)


def edited(facts: Mapping[str, Value], changes: object) -> dict[str, Value]:
    """The facts after somebody has changed fields of a lead: `changes` is {field: {"from", "to"}}."""
    after = dict(facts)
    for field, change in changes.items() if isinstance(changes, Mapping) else ():
        if field in _EDITED and isinstance(change, Mapping):
            name, read = _EDITED[field]
            after.pop(name, None)
            if fact := read(change.get("to")):
                after[name] = fact
    return after


def custom(fields: object) -> dict[str, Value]:
    """An organization's own fields: words become categories, numbers stay numbers, long texts are left out."""
    if not isinstance(fields, Mapping):
        return {}
    facts: dict[str, Value] = {}
    for field, value in list(fields.items())[:MAX_CUSTOM]:
        name = _NOT_A_LETTER.sub("_", str(field).strip().lower())[:40]
        number = _number(value)
        if number is not None:
            facts[NUMBER + name] = number
        elif isinstance(value, bool):
            facts[CUSTOM + name] = "yes" if value else "no"
        elif word := _word(value):
            facts[CUSTOM + name] = word
    return facts


def found(facts: object) -> dict[str, Value]:
    """The facts of an enrichment that say something about a lead's chances."""
    if not isinstance(facts, Mapping):
        return {}
    known: dict[str, Value] = {}
    for name in _ENRICHED:
        fact = facts.get(name)
        if isinstance(fact, Mapping) and (word := _word(fact.get("value"))):
            known[name] = word.upper() if name == "country" else word
    return known


@lru_cache(maxsize=4096)
def field_of(attribute: str) -> str:
    """The field of a lead that an attribute tells something of; empty for what a lead did.

    >>> field_of("seniority"), field_of("custom:plan"), field_of("did:page_viewed")
    ('title', 'custom', '')
    """
    return LeadField.CUSTOM.value if attribute.startswith(OWN) else _TOLD_BY.get(attribute, "")


def seniority(title: str) -> str:
    """How senior a job title sounds.

    >>> seniority("VP Sales"), seniority("Co-Founder & CEO"), seniority("Managing Director"), seniority("Accountant")
    ('director', 'executive', 'executive', 'staff')
    """
    lowered = title.lower()
    return next((level for level, pattern in _SENIORITY if pattern.search(lowered)), "staff")


def value_band(minor_units: int) -> str:
    """The order of magnitude of a deal, whatever its currency.

    >>> value_band(99_999), value_band(100_000)
    ('under 1k', '1k to 10k')
    """
    return next(name for limit, name in _VALUE_BANDS if minor_units < limit * 100)


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_WORD:
        return ""
    return value.strip().lower()


def _country(value: object) -> str:
    return _word(value).upper()


def _level(value: object) -> str:
    return seniority(value) if isinstance(value, str) and value.strip() else ""


def _deal(value: object) -> str:
    return value_band(value) if isinstance(value, int) and value > 0 else ""


def _presence(value: object) -> str:
    return "yes" if value else ""


def _number(value: object) -> float | None:
    """Postcodes and other codes with leading zeros stay words."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        return float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, int | float) and abs(value) < math.inf:
        return float(min(max(value, -LARGEST), LARGEST))
    return None


_FIELDS: Final[Mapping[str, tuple[str, Callable[[object], str]]]] = {
    "source": ("source", _word),
    "country": ("country", _country),
    "title": ("seniority", _level),
    "company": ("has_company", _presence),
    "value": ("value", _deal),
}
_TOLD_BY: Final[Mapping[str, str]] = {
    **{attribute: field for field, (attribute, _) in _FIELDS.items()},
    "value_given": LeadField.VALUE.value,
    "has_email": LeadField.EMAIL.value,
    "email_kind": LeadField.EMAIL.value,
    "deliverable": LeadField.EMAIL.value,
    "mail_provider": LeadField.EMAIL.value,
    "has_phone": LeadField.PHONE.value,
}
_EDITED: Final = {**_FIELDS, "email": ("has_email", _presence), "phone": ("has_phone", _presence)}
