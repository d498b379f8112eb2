"""Pure decisions about changes that meet: what merges by itself, and what somebody has to choose between."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.leads.rules import normalise_email, normalise_phone, phone_digits

Value = str | int | UUID | None
Values = Mapping[str, Value]

TOGETHER: Final = (frozenset({"value", "currency"}),)
"""An amount means nothing without its currency: whoever sets both has to choose again about both."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that has become something else while somebody wrote `mine` in place of `before`."""

    field: str
    before: Value
    theirs: Value
    mine: Value


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed a field last, in words, and when; `by` is empty where the log does not tell."""

    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What a request comes to. With conflicts nothing of it is written."""

    conflicts: tuple[Conflict, ...]
    settled: frozenset[str]
    """Fields that stand as wanted already, be it in somebody else's spelling."""


def merge(stored: Values, wanted: Values, seen: Values) -> Merge:
    """Hold what somebody wants, who has seen `seen`, against what is stored by now.

    A field that stands as it was seen is changed, one that is already as wanted is left alone, and any other is a
    conflict. What is wanted without saying what was seen is set, whatever it was. Values that read the same are the
    same: an address in other letters, a number as E.164.

    >>> merge({"company": "Navy"}, {"company": "IBM"}, {"company": ""}).conflicts
    (Conflict(field='company', before='', theirs='Navy', mine='IBM'),)
    >>> merge({"company": "IBM"}, {"company": "IBM "}, {"company": ""})
    Merge(conflicts=(), settled=frozenset({'company'}))
    """
    country = str(stored.get("country") or wanted.get("country") or "")
    found, settled = [], set()
    for field in wanted.keys() & seen.keys():
        if same(field, stored[field], seen[field], country):
            continue
        if same(field, stored[field], wanted[field], country):
            settled.add(field)
        else:
            found.append(field)
    torn = set(found).union(*_with_them(found, wanted.keys() & seen.keys()))
    order = [field for field in wanted if field in torn]
    return Merge(tuple(Conflict(each, seen[each], stored[each], wanted[each]) for each in order), frozenset(settled))


def _with_them(found: Iterable[str], asked: Iterable[str]) -> list[frozenset[str]]:
    return [group.intersection(asked) for group in TOGETHER if not group.isdisjoint(found)]


def same(field: str, one: Value, other: Value, country: str = "") -> bool:
    """Whether two values of a field mean the same to whoever reads them.

    >>> same("phone", "+4930901820", "030 901820", "DE"), same("country", "de", "DE"), same("owner", None, "")
    (True, True, True)
    """
    form = _FORMS.get(field, _text)
    return one == other or form(one, country) == form(other, country)


def _text(value: Value, _country: str) -> Value:
    return value.strip() if isinstance(value, str) else value or ""


def _email(value: Value, _country: str) -> Value:
    return normalise_email(str(value or "")) or str(value or "").strip()


def _phone(value: Value, country: str) -> Value:
    return normalise_phone(str(value or ""), country) or phone_digits(str(value or ""))


def _upper(value: Value, _country: str) -> Value:
    return str(value or "").strip().upper()


def _currency(value: Value, _country: str) -> Value:
    return str(value or "EUR").upper()


def _number(value: Value, _country: str) -> Value:
    return value or 0


def _id(value: Value, _country: str) -> Value:
    return str(value) if value else ""


_FORMS: Final[Mapping[str, Callable[[Value, str], Value]]] = {
    "email": _email,
    "phone": _phone,
    "country": _upper,
    "currency": _currency,
    "value": _number,
    "owner": _id,
}
