"""Conditions on leads as they are written: groups of which all or any hold, and comparisons of one field each."""

from collections.abc import Iterator
from typing import Annotated, Final, Self
from uuid import UUID

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from leadflow.kernel.fields import LeadField
from leadflow.views.conditions.fields import FIELDS, Filterable
from leadflow.views.conditions.operators import Kind, Operator, Takes, takes
from leadflow.views.conditions.values import ME, MINE, NONE, check, personal

DEEPEST: Final = 3
MOST: Final = 20
MOST_VALUES: Final = 50
LONGEST_WORD: Final = 200
LARGEST: Final = 2**53
LONGEST: Final = 6_000
"""Characters of conditions in a URL or a message."""


def storable(value: object) -> object:
    """PostgreSQL stores no NUL: what contains one must match nothing, and not fail."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


Word = Annotated[str, BeforeValidator(storable), Field(max_length=LONGEST_WORD)]
Whole = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
Several = Annotated[tuple[Word | Whole, ...], Field(min_length=1, max_length=MOST_VALUES)]


def _plain(value: object, validated: ValidatorFunctionWrapHandler) -> object:
    try:
        return validated(value)
    except ValidationError:
        raise ValueError(
            f"Use a text of up to {LONGEST_WORD} characters, a whole number, or a list of up to {MOST_VALUES} of them."
        ) from None


Value = Annotated[Word | Whole | Several, WrapValidator(_plain)]


class LeadCondition(BaseModel):
    """Either `all` or `any` of some conditions, or a `field`, an operator `op` and mostly a `value`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all: Annotated[tuple["LeadCondition", ...], Field(min_length=1, max_length=MOST)] | None = None
    any: Annotated[tuple["LeadCondition", ...], Field(min_length=1, max_length=MOST)] | None = None
    field: Annotated[str, Field(max_length=40)] | None = None
    op: Operator | None = None
    value: Annotated[
        Value | None,
        Field(
            description="Several values for `any_of` and `none_of`, two for `between`; money in minor units; days as "
            "`2026-03-18`; for `within` a period such as `this_week` or `last_7_days`; `me` and `none` for people, "
            "`mine` and `none` for teams."
        ),
    ] = None

    @field_validator("field")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is None or name in FIELDS:
            return name
        raise ValueError(f"{name[:40]!r} is not a field. There are {', '.join(FIELDS)}.")

    @field_validator("op")
    @classmethod
    def _suits_the_field(cls, operator: Operator | None, info: ValidationInfo) -> Operator | None:
        field = FIELDS.get(info.data.get("field") or "")
        if operator is None or field is None or operator in field.operators:
            return operator
        raise ValueError(f"{field.key} can be asked with {', '.join(field.operators)}.")

    @field_validator("value")
    @classmethod
    def _suits_the_operator(cls, value: Value | None, info: ValidationInfo) -> Value | None:
        field, operator = FIELDS.get(info.data.get("field") or ""), info.data.get("op")
        if field is not None and operator is not None and value is not None:
            check(field.kind, operator, value)
        return value

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if sum(each is not None for each in (self.all, self.any, self.field)) != 1:
            raise ValueError("Say one of all, any or field.")
        if self.field is None and (self.op is not None or self.value is not None):
            raise ValueError("op and value belong to a field.")
        if self.field is not None and self.op is None:
            raise ValueError(f"{self.field} needs an op: one of {', '.join(FIELDS[self.field].operators)}.")
        if self.op is not None and self.takes is not Takes.NOTHING and self.value is None:
            raise ValueError(f"{self.field} needs a value to be compared with.")
        if self.depth() > DEEPEST:
            raise ValueError(f"Groups can be {DEEPEST} levels deep.")
        if sum(1 for _ in self.leaves()) > MOST:
            raise ValueError(f"There can be {MOST} conditions in all.")
        return self

    @property
    def about(self) -> Filterable:
        """The field that a comparison is about. Raises KeyError for a group."""
        return FIELDS[self.field or ""]

    @property
    def takes(self) -> Takes:
        return takes(self.op, self.about.kind) if self.op is not None else Takes.NOTHING

    @property
    def parts(self) -> tuple["LeadCondition", ...]:
        return (self.all or ()) + (self.any or ())

    def depth(self) -> int:
        """How many levels of groups there are."""
        return 1 + max(each.depth() for each in self.parts) if self.parts else 0

    def leaves(self) -> Iterator["LeadCondition"]:
        """Every comparison, wherever it stands."""
        if self.field is not None:
            yield self
        for each in self.parts:
            yield from each.leaves()

    @property
    def values(self) -> tuple[str | int, ...]:
        if self.value is None:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def asks_about(self) -> frozenset[LeadField]:
        """The fields that the answer tells of."""
        return frozenset(each.about.right for each in self.leaves() if each.about.right is not None)

    @property
    def is_about_days(self) -> bool:
        return any(each.about.kind is Kind.DATE for each in self.leaves())

    @property
    def is_personal(self) -> bool:
        """It means something else for everybody who asks: see `for_asker`."""
        return any(personal(each.about.kind) in each.values for each in self.leaves())

    def narrows(self, *fields: str) -> bool:
        """Whether nothing but leads with some given values of one of these fields can match."""
        if self.field is not None:
            return self.field in fields and self.op is Operator.ANY_OF and NONE not in self.values
        return any(each.narrows(*fields) for each in self.all) if self.all else False

    def for_asker(self, person: UUID, teams: frozenset[UUID], *, with_root: bool) -> "LeadCondition":
        """The same with ids in place of `me` and `mine`, so that it means the same for everybody.

        `teams` are the asker's and those below; `with_root` says that the organization itself is among them.
        """
        if self.field is None:
            parts = tuple(each.for_asker(person, teams, with_root=with_root) for each in self.parts)
            return self.model_copy(update={"all" if self.all else "any": parts})
        mine = [*sorted(map(str, teams)), *([NONE] if with_root else [])]
        meant = {Kind.PERSON: (ME, [str(person)]), Kind.TEAM: (MINE, mine)}.get(self.about.kind)
        if meant is None or meant[0] not in self.values:
            return self
        named = [name for value in self.values for name in (meant[1] if value == meant[0] else [value])]
        return self.model_copy(update={"value": tuple(dict.fromkeys(named))})


def _read(given: object) -> object:
    return read(given) if isinstance(given, str) else given


Conditions = Annotated[LeadCondition | None, BeforeValidator(_read)]
"""Conditions, which may be written as JSON text."""


def read(written: str) -> LeadCondition | None:
    """Conditions from JSON text, as a URL carries them; None for an empty one.

    Raises:
        ValueError: it cannot be read, and the message says where.

    """
    if not written.strip():
        return None
    if len(written) > LONGEST:
        raise ValueError(f"Use at most {LONGEST} characters.")
    try:
        return LeadCondition.model_validate(orjson.loads(written))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise ValueError(f"{place}: {said}" if place else said) from None
    except orjson.JSONDecodeError:
        raise ValueError("This is not valid JSON.") from None
