"""How a field can be compared: which words suit which kind of field, and what each is compared with."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    PERSON = "person"
    TEAM = "team"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"


class Operator(StrEnum):
    """How a field is compared. Days are those of the organization's time zone."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    BETWEEN = "between"
    ON = "on"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"
    OVER_DAYS_AGO = "over_days_ago"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"


class Takes(StrEnum):
    """What an operator is compared with."""

    NOTHING = "nothing"
    TEXT = "text"
    CHOICES = "choices"
    NUMBER = "number"
    NUMBERS = "numbers"
    DAY = "day"
    DAYS = "days"
    PERIOD = "period"
    COUNT = "count"


EMPTINESS: Final = (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY)
NUMERIC: Final = (Operator.GTE, Operator.LTE, Operator.BETWEEN, Operator.EQ, Operator.NE, Operator.GT, Operator.LT)
ON_OFFER: Final[Mapping[Kind, tuple[Operator, ...]]] = {
    Kind.TEXT: (Operator.CONTAINS, Operator.IS, Operator.IS_NOT, Operator.STARTS_WITH),
    Kind.CHOICE: (Operator.ANY_OF, Operator.NONE_OF),
    Kind.PERSON: (Operator.ANY_OF, Operator.NONE_OF),
    Kind.TEAM: (Operator.ANY_OF, Operator.NONE_OF),
    Kind.NUMBER: NUMERIC,
    Kind.MONEY: NUMERIC,
    Kind.DATE: (
        Operator.WITHIN,
        Operator.OVER_DAYS_AGO,
        Operator.ON,
        Operator.BEFORE,
        Operator.AFTER,
        Operator.BETWEEN,
    ),
}
"""The usual one first. Where a field can be empty, that can be asked as well."""

_TAKES: Final[Mapping[Operator, Takes]] = {
    **dict.fromkeys((Operator.IS, Operator.IS_NOT, Operator.CONTAINS, Operator.STARTS_WITH), Takes.TEXT),
    **dict.fromkeys((Operator.ANY_OF, Operator.NONE_OF), Takes.CHOICES),
    **dict.fromkeys(NUMERIC, Takes.NUMBER),
    **dict.fromkeys((Operator.ON, Operator.BEFORE, Operator.AFTER), Takes.DAY),
    **dict.fromkeys(EMPTINESS, Takes.NOTHING),
    Operator.WITHIN: Takes.PERIOD,
    Operator.OVER_DAYS_AGO: Takes.COUNT,
}


def takes(operator: Operator, kind: Kind) -> Takes:
    """What `operator` is compared with, where it is asked of a field of this kind."""
    if operator is Operator.BETWEEN:
        return Takes.DAYS if kind is Kind.DATE else Takes.NUMBERS
    return _TAKES[operator]
