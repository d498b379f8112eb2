"""What was learned elsewhere and is adopted by models, as plain numbers: one for each category, and one for each
interval of each number.

Whatever looks at one attribute at a time is a sum of one function for each attribute, and on what an encoder tells
apart such a function is a table.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

VERSION: Final = 1


class Origin(StrEnum):
    """Where tables were made; in the event that tells them they stand under this name."""

    TREES = "trees"
    """On what the organization itself has seen; the base is what they say of a lead without a single feature."""
    POOL = "pool"
    """On what other organizations have seen; the base is how far it is from there to the average lead of theirs."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Of a number: what each interval adds, one more than there are `cuts`."""

    cuts: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """All in log-odds. What `base` is relative to, their origin says."""

    base: float
    categories: Mapping[str, float]
    curves: Mapping[str, Curve]

    @property
    def names(self) -> list[str]:
        """Of all features that something is said of."""
        return [*self.categories, *self.curves]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` makes an equal one of it."""
        curves = {name: [list(curve.cuts), list(curve.weights)] for name, curve in self.curves.items()}
        return {"version": VERSION, "base": self.base, "categories": dict(self.categories), "curves": curves}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Tables":
        """Raises KeyError, TypeError or ValueError where these are none."""
        if told["version"] != VERSION:
            raise ValueError(f"tables of version {told['version']!r}")
        categories = {str(name): _number(weight) for name, weight in told["categories"].items()}
        curves = {str(name): _curve(*parts) for name, parts in told["curves"].items()}
        return cls(_number(told["base"]), categories, curves)


class Told(NamedTuple):
    """Tables, as an event tells them."""

    origin: Origin
    tables: Tables


def read(told: Mapping[str, Any]) -> Told | None:
    """Those of an event; None where another release wrote them in another way.

    Raises KeyError, TypeError or ValueError where these are none.
    """
    origin = Origin.POOL if Origin.POOL in told else Origin.TREES
    tables = told[origin]
    return Told(origin, Tables.from_json(tables)) if tables["version"] == VERSION else None


def _curve(cuts: Sequence[Any], weights: Sequence[Any]) -> Curve:
    if len(weights) != len(cuts) + 1:
        raise ValueError(f"{len(weights)} weights for {len(cuts)} cuts")
    return Curve(tuple(map(_number, cuts)), tuple(map(_number, weights)))


def _number(told: Any) -> float:  # noqa: ANN401 - whatever JSON can say
    number = float(told)
    if not math.isfinite(number):
        raise ValueError(f"{told!r} is no number")
    return number
