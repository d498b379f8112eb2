"""What became of each row, and when that was known: from a column, or from a second file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from leadflow.scoring.evaluation.columns import number
from leadflow.scoring.evaluation.description import Description, Join, Label
from leadflow.scoring.evaluation.errors import DataUnusable
from leadflow.scoring.evaluation.moments import read_moment
from leadflow.scoring.evaluation.sources import Source
from leadflow.scoring.evaluation.table import Table, read

TWICE: Final = "keys that the joined file has a second time; the first counts"
STRANGERS: Final = "keys of the joined file that no row has; passed over"
YES: Final = frozenset({"1", "yes", "true", "y", "t", "won"})
NO: Final = frozenset({"0", "no", "false", "n", "f", "lost", "-1"})


@dataclass(frozen=True, slots=True)
class Endings:
    """Reads outcomes of rows of `table`; `joined` has the rows of the second file by key."""

    table: Table
    description: Description
    positive: frozenset[str]
    second: Table | None
    joined: Mapping[str, Sequence[str]]
    faults: Mapping[str, int]

    @classmethod
    def of(cls, source: Source, table: Table) -> Self:
        """Checks that all columns are there.

        Raises:
            DataNotFound: the joined file is not there.
            DataUnusable: a column is missing, or what it says is unclear.

        """
        said, faults = source.description, Counter[str]()
        second, joined = None, {}
        if said.join and source.joined:
            second = read(source.joined, delimiter=said.delimiter, encoding=said.encoding)
            joined = _by_key(second, said.join, table, faults)
        endings = cls(table, said, frozenset(), second, joined, faults)
        for column in filter(None, (said.label.column, said.label_time)):
            endings._holder(column).place(column)
        return replace(endings, positive=endings._positive())

    def of_row(self, row: int, texts: Sequence[str]) -> tuple[bool, float | None]:
        """Whether it was won, and since when that is known (days since 2020; None when that is not told)."""
        said = self.description
        if said.label.joined:
            won = self._key(texts) in self.joined
        else:
            label = self._value(said.label.column, texts)
            if not label:
                raise DataUnusable(f"{self.table.name}, row {row}, column {said.label.column!r}: there is no label.")
            won = _same(label) in self.positive
        told = self._value(said.label_time, texts) if said.label_time else ""
        if not told:
            return won, None
        return won, read_moment(told, said.time_format, f"{self.table.name}, row {row}, column {said.label_time!r}")

    def _holder(self, column: str) -> Table:
        """The file that has a column: the second one where the description says so."""
        join = self.description.join
        return self.second if self.second and join and column in join.columns else self.table

    def _key(self, texts: Sequence[str]) -> str:
        return texts[self.table.place(self.description.join.on)] if self.description.join else ""

    def _value(self, column: str, texts: Sequence[str]) -> str:
        holder = self._holder(column)
        held = texts if holder is self.table else self.joined.get(self._key(texts))
        return held[holder.place(column)] if held is not None else ""

    def _positive(self) -> frozenset[str]:
        """The values of the label that mean won, as the description has them or as everybody would read them."""
        label: Label = self.description.label
        if label.joined or label.positive:
            return frozenset(map(_same, label.positive))
        holder = self._holder(label.column)
        values = {_same(row[holder.place(label.column)]) for row in holder.rows} - {""}
        if values <= YES | NO:
            return YES
        some = ", ".join(sorted(values)[:5])
        raise DataUnusable(f"Say which values of {label.column!r} are `positive`: {holder.name} has {some}.")


def _by_key(second: Table, join: Join, table: Table, faults: Counter[str]) -> dict[str, Sequence[str]]:
    place, own = second.place(join.on), table.place(join.on)
    for column in join.columns:
        second.place(column)
    keys = {row[own] for row in table.rows}
    joined: dict[str, Sequence[str]] = {}
    for row in second.rows:
        if row[place] in joined:
            faults[TWICE] += 1
        elif row[place] not in keys:
            faults[STRANGERS] += 1
        elif row[place]:
            joined[row[place]] = row
    return joined


def _same(text: str) -> str:
    """Spellings of one value: 1 and 1.0, Yes and yes."""
    value = number(text)
    return f"{value:g}" if value is not None else text.strip().lower()
