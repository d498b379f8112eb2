"""What an operator can be compared with, and what is said of a value that does not suit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from leadflow.kernel.ids import parse_id
from leadflow.views.conditions.dates import EARLIEST, LATEST, MOST_BACK, is_period
from leadflow.views.conditions.operators import Kind, Operator, Takes, takes

ME, MINE, NONE = "me", "mine", "none"
"""Whoever asks; their team and those below it; nobody."""

Given = str | int | tuple[str | int, ...]


def personal(kind: Kind) -> str | None:
    """The value that means something else for everybody who asks."""
    return {Kind.PERSON: ME, Kind.TEAM: MINE}.get(kind)


def check(kind: Kind, operator: Operator, value: Given) -> None:
    """Raises ValueError, which says what would suit."""
    needs = takes(operator, kind)
    if needs is Takes.NOTHING:
        raise ValueError(f"'{operator}' takes no value.")
    if problem := _CHECKS[needs](kind, value):
        raise ValueError(problem)


def day_of(value: object) -> date:
    """A day as it is written in a condition. Raises ValueError."""
    try:
        day = date.fromisoformat(value if isinstance(value, str) and len(value) == len("2026-03-18") else "")
    except ValueError:
        raise ValueError("Write a day as 2026-03-18.") from None
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"Choose a day from {EARLIEST.year} to {LATEST.year - 1}.")
    return day


def _text(_: Kind, value: Given) -> str:
    return "" if isinstance(value, str) and value.strip() else "This needs some text."


def _choices(kind: Kind, value: Given) -> str:
    if not isinstance(value, tuple) or not all(isinstance(each, str) for each in value):
        return "This needs a list of values."
    if kind is Kind.CHOICE:
        return ""
    known = {personal(kind), NONE}
    strange = [each for each in value if each not in known and parse_id(str(each)) is None]
    what = "a person's id, me or none" if kind is Kind.PERSON else "a team's id, mine or none"
    return f"{str(strange[0])[:40]!r} is none of {what}." if strange else ""


def _number(kind: Kind, value: Given) -> str:
    return "" if isinstance(value, int) else f"This needs a whole number{_unit(kind)}."


def _numbers(kind: Kind, value: Given) -> str:
    match value:
        case (int(least), int(most)):
            return "" if least <= most else "This needs the smaller number first."
    return f"This needs two whole numbers{_unit(kind)}."


def _unit(kind: Kind) -> str:
    return " of minor units (cents)" if kind is Kind.MONEY else ""


def _day(_: Kind, value: Given) -> str:
    day_of(value)
    return ""


def _days(_: Kind, value: Given) -> str:
    match value:
        case (first, last):
            return "" if day_of(first) <= day_of(last) else "This needs the earlier day first."
    return "This needs two days."


def _period(_: Kind, value: Given) -> str:
    is_one = isinstance(value, str) and is_period(value)
    return "" if is_one else "This needs a period such as today, this_week, last_7_days or next_2_weeks."


def _count(_: Kind, value: Given) -> str:
    is_one = isinstance(value, int) and 1 <= value <= MOST_BACK
    return "" if is_one else f"This needs a number of days from 1 to {MOST_BACK}."


_CHECKS: Final[Mapping[Takes, Callable[[Kind, Given], str]]] = {
    Takes.TEXT: _text,
    Takes.CHOICES: _choices,
    Takes.NUMBER: _number,
    Takes.NUMBERS: _numbers,
    Takes.DAY: _day,
    Takes.DAYS: _days,
    Takes.PERIOD: _period,
    Takes.COUNT: _count,
}
