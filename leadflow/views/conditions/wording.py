"""How conditions and orders are said: what a screen, or a program, draws its choices from."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypedDict

from leadflow.kernel.fields import FieldRights
from leadflow.leads.fields import COLUMNS
from leadflow.views.conditions.fields import Filterable, told
from leadflow.views.conditions.operators import Kind, Operator, takes
from leadflow.views.conditions.values import ME, MINE, NONE
from leadflow.views.orders.rules import UNINDEXED

_SAID: Final[Mapping[Operator, str]] = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.CONTAINS: "contains",
    Operator.STARTS_WITH: "starts with",
    Operator.ANY_OF: "is",
    Operator.NONE_OF: "is not",
    Operator.EQ: "is exactly",
    Operator.NE: "is not",
    Operator.LT: "is less than",
    Operator.LTE: "is at most",
    Operator.GT: "is more than",
    Operator.GTE: "is at least",
    Operator.BETWEEN: "is between",
    Operator.ON: "on",
    Operator.BEFORE: "before",
    Operator.AFTER: "after",
    Operator.WITHIN: "within",
    Operator.OVER_DAYS_AGO: "more than … days ago",
    Operator.IS_EMPTY: "is empty",
    Operator.IS_NOT_EMPTY: "is not empty",
}
_EMPTY: Final[Mapping[str, tuple[str, str]]] = {
    "touched_at": ("never happened", "has happened"),
    "touch_due_at": ("is not promised", "is promised"),
    "closed_at": ("has not happened", "has happened"),
}
"""Where "empty" is no word for it."""


class Choice(TypedDict):
    """One of the values that a field can have, and how it is said."""

    value: str
    label: str


class SortKey(NamedTuple):
    """What a list can be sorted by, and how its two directions are said."""

    key: str
    label: str
    ascending: str
    descending: str
    descends: bool = False
    """The usual direction."""


SORT_KEYS: Final = (
    SortKey("score", "Score", "Coldest first", "Hottest first", descends=True),
    SortKey("captured_at", "Came in", "Oldest first", "Newest first", descends=True),
    SortKey("value", "Value", "Smallest first", "Largest first", descends=True),
    SortKey("name", "Name", "A to Z", "Z to A"),
    SortKey("company", "Company", "A to Z", "Z to A"),
    SortKey("stage", "Stage", "First stage first", "Last stage first"),
    SortKey("stage_at", "In stage since", "Longest first", "Shortest first"),
    SortKey("touched_at", "Last touch", "Longest ago first", "Latest first"),
)


def described(rights: FieldRights, choices: Mapping[str, Sequence[Choice]]) -> list[dict[str, object]]:
    """The fields that somebody with these rights can ask about, each with its operators; and its choices, where there
    are some to choose from.
    """
    return [
        {
            "key": field.key,
            "label": field.label,
            "kind": field.kind,
            "operators": [
                {"key": operator, "label": _label(field, operator), "takes": takes(operator, field.kind)}
                for operator in field.operators
            ],
            "choices": _choices(field, choices),
        }
        for field in told(rights)
    ]


def sorts(rights: FieldRights) -> list[dict[str, object]]:
    """The sort keys of somebody with these rights; `alone` says that a key can come first whatever is asked for."""
    return [
        {**each._asdict(), "alone": each.key not in UNINDEXED}
        for each in SORT_KEYS
        if COLUMNS.get(each.key) not in rights.hidden
    ]


def _label(field: Filterable, operator: Operator) -> str:
    if field.key in _EMPTY and operator in {Operator.IS_EMPTY, Operator.IS_NOT_EMPTY}:
        return _EMPTY[field.key][operator is Operator.IS_NOT_EMPTY]
    if field.kind is Kind.DATE and operator is Operator.BETWEEN:
        return "between"
    return _SAID[operator]


def _choices(field: Filterable, choices: Mapping[str, Sequence[Choice]]) -> list[Choice] | None:
    named = list(choices.get(field.key, ()))
    match field.kind:
        case Kind.PERSON:
            return [Choice(value=ME, label="Me"), *named, Choice(value=NONE, label="No owner")]
        case Kind.TEAM:
            return [Choice(value=MINE, label="My team"), *named, Choice(value=NONE, label="No team")]
    return named if field.key in choices else None
