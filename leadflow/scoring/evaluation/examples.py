"""Rows of a file as leads that were scored once, in the order in which they came, with what became of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from leadflow.scoring.attributes import Value
from leadflow.scoring.evaluation.columns import Column, choose
from leadflow.scoring.evaluation.description import ROWS, Description
from leadflow.scoring.evaluation.endings import Endings
from leadflow.scoring.evaluation.errors import DataUnusable
from leadflow.scoring.evaluation.moments import order_key, read_moment
from leadflow.scoring.evaluation.sources import Source
from leadflow.scoring.evaluation.table import Table, read
from leadflow.scoring.features import LeadFeatures, vector

NO_TIME: Final = "rows without a time; left out"
WON_EARLY: Final = "won before the first contact; counted as won with it"
WON_UNDATED: Final = "won at no known time; left out"
WON_LATE: Final = "won after the horizon; not won in time"
TOO_YOUNG: Final = "too young for their outcome to be known at the end of the data; left out"
NOT_A_NUMBER: Final = "words among the numbers of a column; features of their own"
LONG_TEXT: Final = "texts of more than 60 characters; no features"
_USUAL_SHARE: Final = 0.9


class Vector(dict[str, float]):
    """The features of a row as a learner sees them. It knows whose they are, whoever hands it on."""

    __slots__ = ("number",)

    def __init__(self, x: Mapping[str, float], number: int) -> None:
        super().__init__(x)
        self.number = number


@dataclass(frozen=True, slots=True)
class Example:
    """One lead. Times are days since 2020; without times, `at` is its place in the order."""

    number: int
    at: float
    x: Vector
    facts: Mapping[str, Value]
    won: bool
    known_at: float | None = None
    """When its outcome was told; None when nobody told before the horizon."""


@dataclass(frozen=True, slots=True)
class Examples:
    """A data set, in order. `horizon` is the number of days after which a lead that is not won is lost."""

    name: str
    rows: tuple[Example, ...]
    columns: tuple[Column, ...]
    left_out: Mapping[str, str]
    faults: Mapping[str, int]
    is_shuffled: bool = False
    horizon: float | None = None

    @property
    def won(self) -> int:
        return sum(row.won for row in self.rows)


def load(source: Source) -> Examples:
    """All rows of a data set that can be evaluated.

    Raises:
        DataNotFound: a file is not there.
        DataUnusable: a file and the description do not fit each other.

    """
    said = source.description
    table = read(source.file, delimiter=said.delimiter, encoding=said.encoding)
    endings = Endings.of(source, table)
    columns, left_out = choose(table, said)
    faults: Counter[str] = Counter(endings.faults)
    rows = _in_order(table, said, _rows(table, said, columns, endings, faults))
    horizon = None
    if said.label_time:
        horizon = said.horizon_days or _usual_wait(rows)
        rows = _within(rows, horizon, faults)
    _require_both(source.file.name, rows)
    return Examples(source.name, tuple(rows), columns, left_out, dict(+faults), said.is_shuffled, horizon)


def _rows(
    table: Table, said: Description, columns: Sequence[Column], endings: Endings, faults: Counter[str]
) -> list[Example]:
    place = table.place(said.time) if said.time else None
    rows = []
    for number, texts in enumerate(table.rows, 1):
        at = float(number)
        if place is not None:
            if not texts[place]:
                faults[NO_TIME] += 1
                continue
            at = read_moment(texts[place], said.time_format, f"{table.name}, row {number}, column {said.time!r}")
        won, known_at = endings.of_row(number, texts)
        if said.label_time and won and known_at is None:
            faults[WON_UNDATED] += 1
            continue
        if known_at is not None and known_at < at:
            faults[WON_EARLY] += won
            known_at = at
        facts = _facts(table, columns, number, texts, faults)
        x = Vector(vector(LeadFeatures(facts, at=at)), number)
        rows.append(Example(number, at, x, facts, won, known_at))
    return rows


def _facts(
    table: Table, columns: Sequence[Column], number: int, texts: Sequence[str], faults: Counter[str]
) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for column in columns:
        text = texts[column.place]
        if not text:
            continue
        try:
            fact = column.fact(text)
        except DataUnusable as error:
            raise DataUnusable(f"{table.name}, row {number}, column {column.name!r}: {error}.") from error
        if fact is None:
            faults[LONG_TEXT] += 1
            continue
        faults[NOT_A_NUMBER] += column.is_number and isinstance(fact[1], str)
        facts[fact[0]] = fact[1]
    return facts


def _in_order(table: Table, said: Description, rows: list[Example]) -> list[Example]:
    """By time, then by the column that gives the order, then as they stand in the file."""
    if said.is_shuffled or said.order in {"", ROWS}:
        return sorted(rows, key=lambda row: row.at)
    place = table.place(said.order)
    keys = {row.number: order_key(table.rows[row.number - 1][place]) for row in rows}
    rows.sort(key=lambda row: (row.at if said.time else 0.0, keys[row.number], row.number))
    if said.time:
        return rows
    return [replace(row, at=float(position)) for position, row in enumerate(rows, 1)]


def _usual_wait(rows: Sequence[Example]) -> float:
    """Nine of ten wins were known after so many whole days."""
    waits = sorted(row.known_at - row.at for row in rows if row.won and row.known_at is not None)
    return float(max(int(waits[int(_USUAL_SHARE * (len(waits) - 1))]) + 1, 1)) if waits else 1.0


def _within(rows: Sequence[Example], horizon: float, faults: Counter[str]) -> list[Example]:
    """What became of each row by the horizon; rows whose horizon lies beyond the end of the data tell nothing."""
    end = max([row.at for row in rows] + [row.known_at for row in rows if row.known_at is not None], default=0.0)
    judged = []
    for row in rows:
        if row.at + horizon > end:
            faults[TOO_YOUNG] += 1
        elif row.known_at is not None and row.known_at > row.at + horizon:
            faults[WON_LATE] += row.won
            judged.append(replace(row, won=False, known_at=None))
        else:
            judged.append(row)
    return judged


def _require_both(name: str, rows: Sequence[Example]) -> None:
    won = sum(row.won for row in rows)
    if not rows:
        raise DataUnusable(f"{name} has no row whose outcome is known.")
    if won in {0, len(rows)}:
        which = "won" if won else "lost"
        raise DataUnusable(f"{name}: all {len(rows):,} rows are {which}; nothing can be told apart.")
