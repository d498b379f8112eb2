"""Which data and which description are meant by what stands on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from leadflow.scoring.evaluation import description
from leadflow.scoring.evaluation.description import Description
from leadflow.scoring.evaluation.errors import DataNotFound, DataUnusable

SETS: Final = Path(__file__).parent / "sets"
TOML: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A data set: what it is called, where its files are, and what is in them."""

    name: str
    folder: Path
    description: Description

    @property
    def file(self) -> Path:
        return self.folder / self.description.file

    @property
    def joined(self) -> Path | None:
        join = self.description.join
        return self.folder / join.file if join else None


@cache
def shipped() -> Mapping[str, Description]:
    """The descriptions that come along, by name; their data do not."""
    return {path.stem: description.read(path) for path in sorted(SETS.glob(f"*{TOML}"))}


def find(where: Path, described: Path | None = None) -> Source:
    """`where` is a description, a CSV file, or FOLDER/NAME with the name of a description.

    A CSV file is described by `described`, by the TOML file of the same name beside it, or by one that ships.

    Raises:
        DataNotFound: no such data, or nothing describes them.
        DataUnusable: the description cannot be read.

    """
    if described is not None:
        folder, file = (where, "") if where.is_dir() else (where.parent, where.name)
        return _source(described.stem, folder, description.read(described), file)
    if where.suffix == TOML:
        return _source(where.stem, where.parent, description.read(where))
    if where.is_file():
        return _of_csv(where)
    return _named(where)


def _source(name: str, folder: Path, said: Description, file: str = "") -> Source:
    said = said.model_copy(update={"file": file or said.file})
    if not said.file:
        raise DataUnusable(f"{name}{TOML} does not say which `file` it describes.")
    return Source(name, folder, said)


def _of_csv(path: Path) -> Source:
    beside = path.with_suffix(TOML)
    if beside.is_file():
        return _source(path.stem, path.parent, description.read(beside), path.name)
    for name, said in shipped().items():
        if said.file == path.name:
            return Source(name, path.parent, said)
    raise DataNotFound(
        f"Nothing says what is in {path.name}: write {beside.name} beside it (docs/scoring.md), "
        "or name a description with --description."
    )


def _named(where: Path) -> Source:
    beside, csv = (where.with_name(where.name + ending) for ending in (TOML, ".csv"))
    if where.name in shipped():
        return Source(where.name, where.parent, shipped()[where.name])
    if beside.is_file():
        return _source(where.name, where.parent, description.read(beside))
    if csv.is_file():
        return _of_csv(csv)
    known = ", ".join(f"FOLDER/{name}" for name in shipped())
    raise DataNotFound(f"There is no {where}. Name a CSV file, its description, or {known}.")
