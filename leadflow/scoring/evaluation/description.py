"""What a CSV file holds, said in a small TOML file. The format is documented in docs/scoring.md."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from leadflow.scoring.evaluation.errors import DataNotFound, DataUnusable

ROWS: Final = "rows"
SHUFFLE: Final = "shuffle"

Name = Annotated[str, Field(min_length=1)]


def _texts(given: object) -> object:
    """One value or several, each as it would stand in the file."""
    values = given if isinstance(given, list | tuple) else [given]
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def _column(given: object) -> object:
    return {"column": given} if isinstance(given, str) else given


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Part):
    """What makes a row a won one: `column` holds one of `positive`, or the row is present in the `joined` file."""

    column: str = ""
    positive: Annotated[tuple[Name, ...], BeforeValidator(_texts)] = ()
    joined: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.column) == self.joined:
            raise ValueError("either name a `column`, or say `joined = true`")
        if self.joined and self.positive:
            raise ValueError("`positive` values belong to a `column`")
        return self


class Join(_Part):
    """A second file with the same key `on`. Its `columns` give label and label time, and never a feature."""

    file: Name
    on: Name
    columns: tuple[Name, ...] = ()


class Description(_Part):
    """One data set. Columns that are named nowhere are features."""

    file: str = ""
    delimiter: Annotated[str, Field(max_length=1)] = ""
    encoding: Name = "utf-8-sig"
    time: str = ""
    time_format: str = ""
    """As in `strptime`, or "unix" for seconds since 1970; ISO 8601 when empty."""
    order: str = ""
    """A column, "rows" or "shuffle"; beside `time`, a column decides between equal times."""
    label: Annotated[Label, BeforeValidator(_column)]
    label_time: str = ""
    horizon_days: Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)] | None = None
    drop: tuple[Name, ...] = ()
    numeric: tuple[Name, ...] = ()
    categorical: tuple[Name, ...] = ()
    join: Join | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        both = sorted(set(self.numeric) & set(self.categorical))
        wrong = {
            "give `time`, a column with dates, or `order`, which is a column, `rows` or `shuffle`": not (
                self.time or self.order
            ),
            "rows that have a `time` are not shuffled": bool(self.time) and self.order == SHUFFLE,
            "`label_time` needs `time`": bool(self.label_time) and not self.time,
            "`horizon_days` needs `label_time`": self.horizon_days is not None and not self.label_time,
            "`label` says `joined`, and there is no `join`": self.label.joined and self.join is None,
            f"{', '.join(both)}: both `numeric` and `categorical`": bool(both),
        }
        for message, is_so in wrong.items():
            if is_so:
                raise ValueError(message)
        return self

    @property
    def is_shuffled(self) -> bool:
        return self.order == SHUFFLE

    @property
    def spoken_for(self) -> frozenset[str]:
        """Columns that say when and how a row ended, or are not wanted: no features."""
        named = {self.time, self.label.column, self.label_time, *self.drop}
        if self.order not in {ROWS, SHUFFLE, *self.numeric, *self.categorical}:
            named.add(self.order)
        return frozenset(named - {""})


def read(path: Path) -> Description:
    """The description in a TOML file.

    Raises:
        DataNotFound: there is no such file.
        DataUnusable: it is no TOML, or says something that cannot be.

    """
    if not path.is_file():
        raise DataNotFound(f"There is no {path}.")
    try:
        return Description.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataUnusable(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        raise DataUnusable(f"{path.name}: {'; '.join(map(_problem, error.errors()))}") from error


def _problem(error: Mapping[str, object]) -> str:
    where = error.get("loc")
    named = ".".join(map(str, where)) if isinstance(where, tuple) else ""
    said = str(error.get("msg", "")).removeprefix("Value error, ")
    return f"{named}: {said}" if named else said
