"""Search in the lists of leads: who is found by what, and in which order."""

from typing import Any, NamedTuple

from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.views.rules import terms_of

FOUND, BEST = 2000, 200
"""How many leads a search finds at most, and how many when they are asked for by relevance: those that match best."""

_FOUND_LEADS = "find_leads(CAST(:terms AS text[]), CAST(:found AS int)) f"


def asked(q: str, fields: FieldRights, *, is_ranked: bool) -> tuple[str, dict[str, Any]]:
    """What a search adds to a filter, and its values."""
    found = "" if is_ranked else f" AND l.id IN (SELECT f.lead_id FROM {_FOUND_LEADS})"
    return found + found_in_sight(fields), {"terms": list(terms_of(q)), "found": BEST if is_ranked else FOUND}


def has_secrets(fields: FieldRights) -> bool:
    """Whether search must not find a lead by something, nor rank it."""
    return bool(fields.hidden & {LeadField.EMAIL, LeadField.PHONE, LeadField.COMPANY})


def found_in_sight(fields: FieldRights) -> str:
    """What search adds where it must not find a lead by what is hidden: all terms are in what is seen."""
    if not has_secrets(fields):
        return ""
    said = {"phone": "translate(l.phone, ' ().-/', '')"}
    names = [name for name in ("name", "email", "phone", "company") if name not in fields.hidden]
    seen = " || ' ' || ".join(said.get(name, f"l.{name}") for name in names)
    return f" AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:terms AS text[])) t WHERE position(t IN folded({seen})) = 0)"


class Source(NamedTuple):
    """Where the rows of a page come from, and by what they are sorted."""

    rows: str
    key: str
    is_ranked: bool = False
    """They are what was searched for, ranked: it need not be asked for again."""


def ranked(fields: FieldRights) -> Source:
    """By relevance. Of what is found equally well, the best lead comes first. Where something is hidden, how well it is
    found might tell of it: there the score alone sorts.
    """
    if has_secrets(fields):
        return Source("lead l", "(-l.score::int)")
    return Source(f"{_FOUND_LEADS} JOIN lead l ON l.id = f.lead_id", "(f.place * 1000 - l.score)", is_ranked=True)
