"""The query language: what may be asked for, and what a cursor means. Nothing here is ever pasted into SQL as text."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leadflow.kernel.fields import LeadField
from leadflow.leads.rules import folded
from leadflow.views.conditions.tree import Conditions, storable
from leadflow.views.orders.rules import COUNT_CAP, Cursor, Sort, decode_cursor, encode_cursor

__all__ = [
    "BOARD_DEPTH",
    "COUNT_CAP",
    "MAX_LIMIT",
    "MAX_TERMS",
    "Cursor",
    "LeadFilter",
    "Sort",
    "decode_cursor",
    "encode_cursor",
    "filter_from",
    "terms_of",
]

MAX_LIMIT = 200
BOARD_DEPTH = 100
MAX_TERMS = 8
_NUMBER = re.compile(r"[+(]?[0-9][0-9\s().+\-/]*")


def _as_tuple(value: object) -> object:
    if value is None or value == "":
        return ()
    return tuple(value.split(",")) if isinstance(value, str) else value


Words = Annotated[
    tuple[Annotated[str, BeforeValidator(storable), Field(max_length=80)], ...],
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
    q: Annotated[str, BeforeValidator(storable), Field(max_length=200)] = ""
    lead: UUID | None = None
    where: Conditions = None

    @property
    def signature(self) -> str:
        """Equal filters have equal signatures: what viewers with the same view share."""
        return self.model_dump_json(exclude_defaults=True)

    @property
    def asks_about(self) -> frozenset[LeadField]:
        """The fields that it tells of: whoever can sort leads out by a field knows the field."""
        asked = self.where.asks_about if self.where else frozenset()
        return asked | {LeadField.SOURCE} if self.source else asked

    @property
    def is_about_days(self) -> bool:
        return self.captured is not None or (self.where is not None and self.where.is_about_days)

    @property
    def is_narrow(self) -> bool:
        """Whether it is about what some people or teams have, or about what was searched for: few leads of all."""
        is_somebodys = isinstance(self.owner, UUID) or (self.where is not None and self.where.narrows("owner", "team"))
        return is_somebodys or bool(self.q.strip()) or self.lead is not None


def terms_of(q: str) -> tuple[str, ...]:
    """What must be found of a question, each at most once; a phone number is one term, as it is written abroad."""
    asked = q.strip()
    if _NUMBER.fullmatch(asked) and (digits := re.sub(r"[^0-9]", "", asked.replace("(0)", "")).lstrip("0")):
        return (digits[:64],)
    return tuple(dict.fromkeys(term[:64] for term in folded(asked).split()))[:MAX_TERMS]


def filter_from(body: Mapping[str, Any]) -> LeadFilter:
    """A filter from a live subscription's JSON, where null means "not given".

    Raises:
        pydantic.ValidationError: a field or value that is not on offer.

    """
    return LeadFilter.model_validate({key: value for key, value in body.items() if value is not None})
