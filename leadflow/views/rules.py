"""The query language: what may be asked for, and what a cursor means. Nothing here is ever pasted into SQL as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.fields import LeadField
from leadflow.leads.rules import folded

MAX_LIMIT = 200
COUNT_CAP = 5_000
BOARD_DEPTH = 100
MAX_TERMS = 8
_NUMBER = re.compile(r"[+(]?[0-9][0-9\s().+\-/]*")

_AS_STORED = {
    "score": re.compile(r"-?[0-9]{1,4}"),
    "value": re.compile(r"-?[0-9]{1,18}"),
    "captured_at": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-](0\d|1[0-4])(:\d\d){0,2}", re.ASCII),
    "name": re.compile(r"[^\0]*"),
    "company": re.compile(r"[^\0]*"),
    "relevance": re.compile(r"-?[0-9]{1,5}"),
}
"""How PostgreSQL spells the values of the sort columns: nothing else can have come from one of our pages."""


def _storable(value: object) -> object:
    """PostgreSQL stores no NUL: what contains one must match nothing, and not fail."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


def _as_tuple(value: object) -> object:
    if value is None or value == "":
        return ()
    return tuple(value.split(",")) if isinstance(value, str) else value


Words = Annotated[
    tuple[Annotated[str, BeforeValidator(_storable), Field(max_length=80)], ...],
    BeforeValidator(_as_tuple),
    Field(default=(), max_length=50),
]


class LeadFilter(BaseModel):
    """Which leads. Everything given must hold; several values of one field mean any of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: UUID | Literal["none"] | None = None
    stage: Words = ()
    band: Words = ()
    source: Words = ()
    captured: Literal["today", "7d", "30d"] | None = None
    q: Annotated[str, BeforeValidator(_storable), Field(max_length=200)] = ""
    lead: UUID | None = None

    @property
    def signature(self) -> str:
        """Equal filters have equal signatures: what viewers with the same view share."""
        return self.model_dump_json(exclude_defaults=True)

    @property
    def asks_about(self) -> frozenset[LeadField]:
        """The fields that it tells of: whoever can sort leads out by a field knows the field."""
        return frozenset({LeadField.SOURCE}) if self.source else frozenset()


class Sort(StrEnum):
    """The sort keys on offer. Each has an index that ends in the id, but for relevance: there is little to sort of what
    was searched for, and without a search it is the score.
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

    @property
    def column(self) -> str:
        return self.value.lstrip("-")

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")


def terms_of(q: str) -> tuple[str, ...]:
    """What must be found of a question, each at most once; a phone number is one term, as it is written abroad."""
    asked = q.strip()
    if _NUMBER.fullmatch(asked) and (digits := re.sub(r"[^0-9]", "", asked.replace("(0)", "")).lstrip("0")):
        return (digits[:64],)
    return tuple(dict.fromkeys(term[:64] for term in folded(asked).split()))[:MAX_TERMS]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: its sort value and its id; and how many matches were counted for the first page."""

    value: str
    lead_id: UUID
    total: int = 0


def encode_cursor(sort: Sort, place: Cursor) -> str:
    return encode(sort.value, place.value, place.lead_id, place.total)


def decode_cursor(sort: Sort, text: str) -> Cursor:
    """Raises Invalid when the cursor is not one of ours, or belongs to another sort order."""

    def read(kind: str, value: str, lead_id: str, total: int) -> Cursor | None:
        cursor = Cursor(str(value), UUID(lead_id), int(total))
        if kind != sort.value:
            return None
        _check(sort.column, cursor)
        return cursor

    cursor = decode(text, read)
    if cursor is None:
        raise Invalid(problems=[FieldProblem("cursor", "This cursor belongs to another sort order.")])
    return cursor


def _check(column: str, cursor: Cursor) -> None:
    """Raises ValueError for what PostgreSQL could not read as a value of this column, and for an impossible total."""
    if not _AS_STORED[column].fullmatch(cursor.value):
        raise ValueError(cursor.value)
    if column == "captured_at":
        datetime.fromisoformat(cursor.value)
    if not 0 <= cursor.total <= COUNT_CAP + 1:
        raise ValueError(cursor.total)


def filter_from(body: Mapping[str, Any]) -> LeadFilter:
    """A filter from a live subscription's JSON, where null means "not given".

    Raises:
        pydantic.ValidationError: a field or value that is not on offer.

    """
    return LeadFilter.model_validate({key: value for key, value in body.items() if value is not None})
