"""CSV files as texts: nothing is interpreted here, and what is malformed is told with its row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leadflow.scoring.evaluation.errors import DataNotFound, DataUnusable

DELIMITERS: Final = ",;\t|"
MISSING: Final = frozenset({"", "na", "n/a", "nan", "null"})


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and rows; what is missing is the empty text. Rows are counted from 1, without the header."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, column: str) -> int:
        """Where a column stands.

        Raises:
            DataUnusable: there is none of this name.

        """
        if column not in self.columns:
            raise DataUnusable(f"{self.name} has no column {column!r}. It has: {', '.join(self.columns)}.")
        return self.columns.index(column)


def read(path: Path, *, delimiter: str = "", encoding: str = "utf-8-sig") -> Table:
    """A whole file; without a `delimiter`, it is the one of `,;|` and tab that the header has most of.

    Raises:
        DataNotFound: there is no such file.
        DataUnusable: it is empty, or a row does not fit its header.

    """
    if not path.is_file():
        raise DataNotFound(f"There is no {path.name} in {path.parent}.")
    try:
        with path.open(encoding=encoding, newline="") as file:
            header = file.readline()
            file.seek(0)
            lines = csv.reader(file, delimiter=delimiter or max(DELIMITERS, key=header.count))
            columns = _columns(path.name, next(lines, []))
            rows = tuple(_rows(path.name, len(columns), lines))
    except csv.Error as error:
        raise DataUnusable(f"{path.name}, header: {error}.") from error
    except (UnicodeError, LookupError) as error:
        raise DataUnusable(f"{path.name} cannot be read as {encoding}: give its `encoding`. ({error})") from error
    if not rows:
        raise DataUnusable(f"{path.name} has no rows.")
    return Table(path.name, columns, rows)


def is_missing(text: str) -> bool:
    return text.lower() in MISSING


def _columns(name: str, header: list[str]) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in header)
    if not any(columns):
        raise DataUnusable(f"{name} is empty.")
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise DataUnusable(f"{name} has more than one column {', '.join(map(repr, twice))}.")
    return columns


def _rows(name: str, width: int, lines: Iterator[list[str]]) -> Iterator[tuple[str, ...]]:
    number = 0
    try:
        for line in lines:
            if not line:
                continue
            number += 1
            if len(line) != width:
                raise DataUnusable(f"{name}, row {number}: {len(line)} values, and the header has {width}.")
            yield tuple("" if is_missing(text := value.strip()) else text for value in line)
    except csv.Error as error:
        raise DataUnusable(f"{name}, row {number + 1}: {error}.") from error
