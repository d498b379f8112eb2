"""By what a list is grouped, and what the name of a group may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.fields import FieldRights, LeadField

MAX_GROUPS = 1_000
LONGEST_KEY = 80
_LAST_YEAR = 9999


class Grouping(StrEnum):
    """Groups of a list. `all` is the list itself as one group."""

    ALL = "all"
    STAGE = "stage"
    OWNER = "owner"
    BAND = "band"
    SOURCE = "source"
    COUNTRY = "country"
    DAY = "captured_day"
    WEEK = "captured_week"
    MONTH = "captured_month"

    @property
    def period(self) -> str | None:
        """Day, week or month, where leads are grouped by when they came in."""
        return self.value.partition("captured_")[2] or None


_FIELDS: Final[Mapping[Grouping, LeadField]] = {
    Grouping.SOURCE: LeadField.SOURCE,
    Grouping.COUNTRY: LeadField.COUNTRY,
}


def fields_asked(by: Grouping | None) -> frozenset[LeadField]:
    """The fields that groups tell of."""
    return frozenset({_FIELDS[by]}) if by is not None and by in _FIELDS else frozenset()


def require_read(by: Grouping, fields: FieldRights) -> None:
    """Raises Forbidden where a field is hidden that these groups tell of."""
    for field in fields_asked(by):
        fields.require_read(field)


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a list, by the key that totals name it by: empty for leads without an owner, source or country, the
    first day for a period.

    Raises:
        Invalid: no group can be called this.

    """

    by: Grouping
    key: str = ""

    def __post_init__(self) -> None:
        try:
            if self.by is Grouping.OWNER and self.key:
                UUID(self.key)
            if self.by.period:
                _known_day(self.key)
        except ValueError:
            raise Invalid(problems=[FieldProblem("key", "No group of this list has that key.")]) from None
        object.__setattr__(self, "key", self.key.replace("\0", "\N{REPLACEMENT CHARACTER}"))

    def days(self) -> tuple[date, date]:
        """The first day of the period, and the first one after it."""
        first = _known_day(self.key)
        return first, _after(first, self.by.period)


def _known_day(key: str) -> date:
    """Raises ValueError for what is no day, and for the last ones that there are: their periods do not end."""
    day = date.fromisoformat(key)
    if len(key) != len("2026-01-01") or day.year >= _LAST_YEAR:
        raise ValueError(key)
    return day


def _after(first: date, period: str | None) -> date:
    if period == "month":
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(first.toordinal() + (7 if period == "week" else 1))
