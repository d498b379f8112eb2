"""The fields of a lead that can be asked about. One more is one more entry here, and nothing else.

A column that holds what a role may be kept from says so with `right`: who is not told the field cannot ask about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.views.conditions.operators import EMPTINESS, ON_OFFER, Kind, Operator


@dataclass(frozen=True, slots=True)
class Filterable:
    """A field as conditions know it."""

    key: str
    label: str
    kind: Kind
    column: str
    """Of `lead l`: a constant, which is what statements are put together from."""
    empty: str = ""
    """The condition under which it is empty; without one it never is."""
    right: LeadField | None = None
    is_lower: bool = False
    """It is stored in lower case, so that what it is compared with can be made so, and an index can answer."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        return ON_OFFER[self.kind] + (EMPTINESS if self.empty else ())


def _text(key: str, label: str, right: LeadField, *, is_lower: bool = False) -> Filterable:
    return Filterable(key, label, Kind.TEXT, f"l.{key}", f"l.{key} = ''", right, is_lower)


def _date(key: str, label: str, *, empty: bool = True) -> Filterable:
    return Filterable(key, label, Kind.DATE, f"l.{key}", f"l.{key} IS NULL" if empty else "")


_ALL: Final = (
    Filterable("stage", "Stage", Kind.CHOICE, "l.stage"),
    Filterable("owner", "Owner", Kind.PERSON, "l.owner_id", "l.owner_id IS NULL"),
    Filterable("team", "Team", Kind.TEAM, "l.team_id", "l.team_id IS NULL"),
    Filterable("band", "Temperature", Kind.CHOICE, "l.band"),
    Filterable("score", "Score", Kind.NUMBER, "l.score"),
    Filterable("value", "Value", Kind.MONEY, "l.value", "l.value = 0", LeadField.VALUE),
    Filterable("currency", "Currency", Kind.CHOICE, "l.currency", right=LeadField.VALUE),
    Filterable("source", "Source", Kind.CHOICE, "l.source", "l.source = ''", LeadField.SOURCE),
    Filterable("country", "Country", Kind.CHOICE, "l.country", "l.country = ''", LeadField.COUNTRY),
    _date("captured_at", "Came in", empty=False),
    _date("stage_at", "In stage since", empty=False),
    _date("touched_at", "Last touch"),
    _date("touch_due_at", "First touch due"),
    _date("closed_at", "Closed"),
    _text("name", "Name", LeadField.NAME),
    _text("company", "Company", LeadField.COMPANY),
    _text("title", "Job title", LeadField.TITLE),
    _text("email", "Email", LeadField.EMAIL),
    _text("phone", "Phone", LeadField.PHONE),
    _text("domain", "Domain", LeadField.EMAIL, is_lower=True),
)
FIELDS: Final[Mapping[str, Filterable]] = {each.key: each for each in _ALL}


def told(rights: FieldRights) -> list[Filterable]:
    """The fields that somebody with these rights can ask about."""
    return [each for each in _ALL if each.right not in rights.hidden]
