"""By what a list can be sorted, and where a page of it ended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, Field

from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.errors import FieldProblem, Invalid

COUNT_CAP = 5_000
MOST_KEYS: Final = 3
_MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-](0\d|1[0-4])(:\d\d){0,2}"

_AS_STORED: Final[Mapping[str, re.Pattern[str]]] = {
    "score": re.compile(r"-?[0-9]{1,4}"),
    "value": re.compile(r"-?[0-9]{1,18}"),
    "captured_at": re.compile(_MOMENT, re.ASCII),
    "name": re.compile(r"[^\0]*"),
    "company": re.compile(r"[^\0]*"),
    "relevance": re.compile(r"-?[0-9]{1,5}"),
    "stage": re.compile(r"-?[0-9]{1,4}"),
    "stage_at": re.compile(_MOMENT, re.ASCII),
    "touched_at": re.compile(f"-infinity|{_MOMENT}", re.ASCII),
}
"""How PostgreSQL spells the values of the sort columns: nothing else can have come from one of our pages."""
_MOMENTS: Final = frozenset({"captured_at", "stage_at", "touched_at"})
NEVER: Final = "-infinity"
"""When a lead was touched that never was."""


class Sort(StrEnum):
    """The sort keys on offer, for alone or as one of several.

    Those that may come first have an index that ends in the id, but for relevance: there is little to sort of what was
    searched for, and without a search it is the score. Those of `UNINDEXED` may follow others, which leave little to
    sort; they come first only where few leads are asked for.
    """

    SCORE_DESC = "-score"
    SCORE = "score"
    CAPTURED_DESC = "-captured_at"
    CAPTURED = "captured_at"
    NAME = "name"
    NAME_DESC = "-name"
    VALUE_DESC = "-value"
    VALUE = "value"
    COMPANY = "company"
    COMPANY_DESC = "-company"
    RELEVANCE = "relevance"
    STAGE = "stage"
    STAGE_DESC = "-stage"
    STAGE_AT = "stage_at"
    STAGE_AT_DESC = "-stage_at"
    TOUCHED = "touched_at"
    TOUCHED_DESC = "-touched_at"

    @property
    def column(self) -> str:
        return self.value.lstrip("-")

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")


Order = tuple[Sort, ...]
"""By the first, among equals by the next, and at last by the id in the direction of the first."""
UNINDEXED: Final = frozenset({"stage", "stage_at", "touched_at"})
TOO_MUCH_TO_SORT: Final = (
    "To sort by this first, filter by an owner or a team, or search, or let it follow another key."
)
_ALONE: Final = Sort.RELEVANCE


def order_of(written: str) -> Order:
    """An order as it is written, such as `-score,name`.

    Raises:
        ValueError: there is no such order, and the message says why.

    """
    names = written.split(",")
    if unknown := [name for name in names if name not in set(Sort)]:
        raise ValueError(f"{unknown[0][:40]!r} is no sort key. There are {', '.join(Sort)}.")
    order = tuple(Sort(name) for name in names)
    if len(order) > MOST_KEYS:
        raise ValueError(f"Sort by {MOST_KEYS} keys at most.")
    if len({each.column for each in order}) < len(order):
        raise ValueError("Sort by each key once.")
    if _ALONE in order and len(order) > 1:
        raise ValueError(f"{_ALONE} stands alone.")
    return order


def _readable(written: str) -> str:
    if written:
        order_of(written)
    return written


Ordered = Annotated[
    str,
    AfterValidator(_readable),
    Field(
        max_length=60,
        description=f"Up to {MOST_KEYS} different keys: " + ", ".join(f"`{key}`" for key in Sort) + ".",
        examples=["-score,name"],
    ),
]
"""An order as text; empty for the usual one."""


def spelled(order: Order) -> str:
    return ",".join(order)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its sort value and its id; how many matches were counted for the first page; and, where
    it is sorted by several keys, the values of the others.
    """

    value: str
    lead_id: UUID
    total: int = 0
    others: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        return (self.value, *self.others)


def encode_cursor(sort: Sort | Order, place: Cursor) -> str:
    return encode(spelled(as_order(sort)), place.value, place.lead_id, place.total, *place.others)


def as_order(sort: Sort | Order) -> Order:
    return (sort,) if isinstance(sort, Sort) else sort


def decode_cursor(sort: Sort | Order, text: str) -> Cursor:
    """Raises Invalid when the cursor is not one of ours, or belongs to another sort order."""
    order = as_order(sort)

    def read(kind: str, value: str, lead_id: str, total: int, *others: str) -> Cursor | None:
        cursor = Cursor(str(value), UUID(lead_id), int(total), tuple(map(str, others)))
        if kind != spelled(order):
            return None
        _check(order, cursor)
        return cursor

    cursor = decode(text, read)
    if cursor is None:
        raise Invalid(problems=[FieldProblem("cursor", "This cursor belongs to another sort order.")])
    return cursor


def _check(order: Order, cursor: Cursor) -> None:
    """Raises ValueError for what PostgreSQL could not read as values of these columns, and for an impossible total."""
    for key, value in zip(order, cursor.values, strict=True):
        if not _AS_STORED[key.column].fullmatch(value):
            raise ValueError(value)
        if key.column in _MOMENTS and value != NEVER:
            datetime.fromisoformat(value)
    if not 0 <= cursor.total <= COUNT_CAP + 1:
        raise ValueError(cursor.total)
