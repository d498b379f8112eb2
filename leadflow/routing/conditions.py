"""Which leads a rule is about: a small closed language, and a pure answer."""

from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

Scalar = str | int | float | bool | None
Unknown = frozenset[str]
"""Fields of which nothing can be said."""
Facts = Mapping[str, Scalar]
"""What is known of a lead, by field; what is left unsaid is empty."""

TERRITORY, TERRITORY_ID = "territory", "territory.id"
"""A lead's territory is known by either."""
FIELDS: Final = ("source", "country", "company", "domain", "title", "value", "score", "band", TERRITORY)
CUSTOM: Final = "custom."
DEEPEST, MOST = 5, 60
_STORED: Final = tuple(name for name in FIELDS if name != TERRITORY)


def facts_of(row: Mapping[str, Any]) -> Facts:
    """What conditions can ask of a stored lead."""
    own = {f"{CUSTOM}{key}": value for key, value in row["custom"].items()}
    return own | {name: row[name] for name in _STORED}


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is not"
    ONE_OF = "one of"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    IS_EMPTY = "is empty"


_NUMERIC: Final = {Operator.AT_LEAST, Operator.AT_MOST}
_TEXTUAL: Final = {Operator.CONTAINS, Operator.STARTS_WITH}

Word = Annotated[str, Field(max_length=200)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Value = Word | bool | Whole | float


class Condition(BaseModel):
    """Either `all` or `any` of some conditions, or one `field`, an `operator` and mostly a `value`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    all: Annotated[tuple["Condition", ...], Field(max_length=MOST)] | None = None
    any: Annotated[tuple["Condition", ...], Field(max_length=MOST)] | None = None
    field: Annotated[str, Field(max_length=100)] | None = None
    operator: Operator | None = None
    value: Annotated[tuple[Value, ...], Field(min_length=1, max_length=200)] | Value | None = None

    @field_validator("field")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is None or name in FIELDS or (name.startswith(CUSTOM) and len(name) > len(CUSTOM)):
            return name
        raise ValueError(f"{name!r} is not a field. There are {', '.join(FIELDS)}, and custom.<key>.")

    @field_validator("value")
    @classmethod
    def _suits(cls, value: object, info: ValidationInfo) -> object:
        operator = info.data.get("operator")
        if operator is not None and (problem := _value_problem(operator, value)):
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        forms = [self.all is not None, self.any is not None, self.field is not None]
        if sum(forms) != 1:
            raise ValueError("Say one of all, any or field.")
        if self.field is None and (self.operator is not None or self.value is not None):
            raise ValueError("operator and value belong to a field.")
        if self.field is not None and self.operator is None:
            raise ValueError(f"{self.field} needs an operator.")
        if self.operator not in {None, Operator.IS_EMPTY} and self.value is None:
            raise ValueError(f"{self.field} needs a value to compare with.")
        if self.depth() > DEEPEST or self.size() > MOST:
            raise ValueError(f"Conditions can be {DEEPEST} levels deep, and {MOST} in all.")
        return self

    def depth(self) -> int:
        """How many levels there are."""
        return 1 + max((each.depth() for each in self.parts), default=0)

    def size(self) -> int:
        """How many conditions there are, this one included."""
        return 1 + sum(each.size() for each in self.parts)

    def values_of(self, field: str) -> list[Value | None]:
        """What a field is compared with, anywhere in here; empty when it is not asked."""
        if self.field == field:
            return [*self.value] if isinstance(self.value, tuple) else [self.value]
        return [value for each in self.parts for value in each.values_of(field)]

    @property
    def parts(self) -> tuple["Condition", ...]:
        return (self.all or ()) + (self.any or ())


def _value_problem(operator: Operator, value: object) -> str:
    if operator is Operator.IS_EMPTY:
        return "'is empty' takes no value." if value is not None else ""
    if operator is Operator.ONE_OF:
        return "" if isinstance(value, tuple) else "'one of' needs a list of values."
    if isinstance(value, tuple):
        return f"'{operator}' needs one value; for a list there is 'one of'."
    if operator in _NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
        return f"'{operator}' needs a number."
    if operator in _TEXTUAL and (not isinstance(value, str) or not value):
        return f"'{operator}' needs some text."
    return ""


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether a lead is meant. Text is compared without regard to case; no condition means every lead."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(holds(each, facts) for each in condition.all)
    if condition.any is not None:
        return any(holds(each, facts) for each in condition.any)
    if condition.field == TERRITORY:
        return _is_of(condition, facts)
    return _compares(condition, facts.get(condition.field or ""))


def surely(condition: Condition | None, facts: Facts, unknown: Unknown) -> bool | None:
    """What `holds` says whatever the unknown fields are; None where that depends on them (Kleene 1938)."""
    if condition is None or not unknown:
        return holds(condition, facts)
    if condition.field is not None:
        return None if condition.field in unknown else holds(condition, facts)
    settles = condition.all is None
    answers = {surely(each, facts, unknown) for each in condition.parts}
    if settles in answers:
        return settles
    return None if None in answers else not settles


def _is_of(condition: Condition, facts: Facts) -> bool:
    """A condition of the territory holds for its name or its id, and a denial for both."""
    names = facts.get(TERRITORY), facts.get(TERRITORY_ID)
    every = condition.operator in {Operator.IS_NOT, Operator.IS_EMPTY}
    return (all if every else any)(_compares(condition, name) for name in names)


def _compares(condition: Condition, fact: Scalar) -> bool:
    value = condition.value
    match condition.operator:
        case Operator.IS_EMPTY:
            return fact is None or fact == ""
        case Operator.IS:
            return _said(fact) == _said(value)
        case Operator.IS_NOT:
            return _said(fact) != _said(value)
        case Operator.ONE_OF:
            return _said(fact) in {_said(each) for each in (value if isinstance(value, tuple) else ())}
        case Operator.CONTAINS | Operator.STARTS_WITH:
            place = _said(fact).find(_said(value))
            return place == 0 if condition.operator is Operator.STARTS_WITH else place >= 0
        case _:
            return _measures(condition.operator, _number(fact), _number(value))


def _measures(operator: Operator | None, fact: float | None, value: float | None) -> bool:
    if fact is None or value is None:
        return False
    return fact >= value if operator is Operator.AT_LEAST else fact <= value


def _said(value: object) -> str:
    """
    >>> _said(" Berlin "), _said(3.0), _said(True), _said(None)
    ('berlin', '3', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def _number(value: object) -> float | None:
    """The number that a fact is, also when a form sent it as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None
