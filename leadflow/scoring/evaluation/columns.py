"""Which columns are features, and what a lead would be told to have in them."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from leadflow.scoring import attributes
from leadflow.scoring.attributes import CUSTOM, LARGEST, MAX_WORD, NUMBER, Value
from leadflow.scoring.evaluation.description import Description
from leadflow.scoring.evaluation.errors import DataUnusable
from leadflow.scoring.evaluation.table import Table

LOOKED_AT: Final = 1000
_CODE: Final = re.compile(r"[+-]?0\d+|.*_.*")  # leading zeros are a code's; float() would read 1_000


@dataclass(frozen=True, slots=True)
class Column:
    """A feature: where it stands in the file, and the name of the lead's own field that it becomes."""

    place: int
    name: str
    field: str
    is_number: bool
    is_certain: bool
    """Whether the description says so; otherwise it was guessed, and other values are survived."""

    @property
    def fact_name(self) -> str:
        return (NUMBER if self.is_number else CUSTOM) + self.field

    def fact(self, text: str) -> tuple[str, Value] | None:
        """The fact a lead has by this value, as in a capture; long texts are none.

        Raises:
            DataUnusable: the column is said to be numeric, and this is no number.

        """
        if self.is_number:
            value = number(text)
            if value is not None:
                return self.fact_name, min(max(value, -LARGEST), LARGEST)
            if self.is_certain:
                raise DataUnusable(f"{text!r} is not a number")
        return (CUSTOM + self.field, text.lower()) if len(text) <= MAX_WORD else None


def choose(table: Table, description: Description) -> tuple[tuple[Column, ...], Mapping[str, str]]:
    """The features of a table, and the columns left out with the reason.

    What the description does not name is numeric when each of the first 1,000 values is a number, a date (and left
    out) when each is one, and categorical otherwise.

    Raises:
        DataUnusable: a column that is named is not there, or nothing is left.

    """
    for name in (*description.drop, *description.numeric, *description.categorical):
        table.place(name)
    found: list[Column] = []
    left_out: dict[str, str] = {}
    fields = _fields(name for name in table.columns if name not in description.spoken_for)
    for place, name in enumerate(table.columns):
        if name in description.spoken_for:
            left_out[name] = "described as no feature"
            continue
        is_certain = name in description.numeric or name in description.categorical
        values = _first(table.rows, place)
        if not is_certain and values and not _are_numbers(values) and all(map(_is_date, values)):
            left_out[name] = "a date"
            continue
        is_number = name in description.numeric if is_certain else _are_numbers(values)
        found.append(Column(place, name, fields[name], is_number, is_certain))
    if not found:
        raise DataUnusable(f"{table.name} has no column that could be a feature.")
    return tuple(found), left_out


def number(text: str) -> float | None:
    """A finite number, unless it is a code.

    >>> number("4"), number("-1.8e3"), number("01067"), number("inf"), number("four")
    (4.0, -1800.0, None, None, None)
    """
    if _CODE.fullmatch(text):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _first(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return list(islice((row[place] for row in rows if row[place]), LOOKED_AT))


def _are_numbers(values: Sequence[str]) -> bool:
    return bool(values) and all(number(value) is not None for value in values)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fields(names: Iterable[str]) -> dict[str, str]:
    """The names that a capture would give to custom fields; of equal ones, later ones are numbered."""
    taken: set[str] = set()
    fields = {}
    for name in names:
        (fact,) = attributes.custom({name: "x"})
        fields[name] = next(field for field in _numbered(fact.removeprefix(CUSTOM)) if field not in taken)
        taken.add(fields[name])
    return fields


def _numbered(field: str) -> Iterator[str]:
    yield field
    yield from (f"{field}_{count}" for count in range(2, 1_000_000))
