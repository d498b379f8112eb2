"""What a replayable data set is, and how its files are read."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from leadflow.kernel.errors import Invalid, NotFound
from leadflow.simulation.steps import Scalar, Step

Warnings: TypeAlias = Counter[str]
"""Faults in the data that were survived, each in a sentence, and how often."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """`steps` reads the files in a folder as steps in time order, and counts the faults it had to survive."""

    title: str
    files: tuple[str, ...]
    steps: Callable[[Path, Warnings], Iterator[Step]]


def rows(path: Path, *needed: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Number and values of each row, one at a time.

    Raises:
        NotFound: there is no such file.
        Invalid: a column that is needed is missing.

    """
    if not path.is_file():
        raise NotFound(f"There is no {path.name} in {path.parent}; name the folder that holds it with --from.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise Invalid(f"{path.name} has no column {', '.join(missing)}.")
        for number, row in enumerate(reader, 1):
            yield number, {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}


def scalar(text: str) -> Scalar:
    """A number where the text is one.

    >>> scalar("4"), scalar("-1.8"), scalar("basic.4y")
    (4, -1.8, 'basic.4y')
    """
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
