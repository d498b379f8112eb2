"""What a file looks like: delimiter, column names, first values; found out from its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from leadflow.intake.importing.encodings import Encoding
from leadflow.intake.importing.errors import UnreadableFile
from leadflow.intake.importing.limits import MAX_COLUMNS, MAX_HEADER, SAMPLES
from leadflow.intake.importing.records import Records
from leadflow.intake.importing.source import MemorySource, blocks

DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file's rows. The first one begins at `position`, on the line after `line`."""

    delimiter: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    position: int
    line: int
    warnings: list[str] = field(default_factory=list)


def layout_of(sample: bytes, encoding: Encoding) -> Layout:
    """Raises UnreadableFile when there is no table in it."""
    if not sample.strip():
        raise UnreadableFile("The file is empty.")
    position, line, told = _told_delimiter(sample, encoding)
    delimiter = told or _likeliest_delimiter(sample, encoding)
    records = _records(sample, encoding, delimiter, position, line)
    names = next(iter(records), [])
    warnings: list[str] = []
    header = _header([name.strip().removeprefix("\ufeff") for name in names], records.row, warnings)
    begin, begin_line = records.position, records.line
    rows = [row for row in islice(_records(sample, encoding, delimiter, begin, begin_line), 20 * SAMPLES) if any(row)]
    if not rows:
        raise UnreadableFile("The file has column names, and no rows under them.")
    samples = tuple(_samples(rows, column) for column in range(len(header)))
    return Layout(delimiter, header, samples, begin, begin_line, warnings)


def _records(sample: bytes, encoding: Encoding, delimiter: str, position: int = 0, line: int = 0) -> Records:
    source = MemorySource(sample)
    return Records(
        lambda start: blocks(source, encoding, start), encoding.codec_of_blocks, delimiter, position=position, line=line
    )


def _told_delimiter(sample: bytes, encoding: Encoding) -> tuple[int, int, str]:
    """Excel's own way to say it: a first line such as `sep=;`."""
    records = _records(sample, encoding, "\x1f")
    first = "".join(next(iter(records), [])).strip().removeprefix("\ufeff").strip('"')
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return records.position, records.line, first[4]
    return 0, 0, ""


def _likeliest_delimiter(sample: bytes, encoding: Encoding) -> str:
    """The one under which most rows have as many cells as the first; more cells decide between equals."""
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in islice(_records(sample, encoding, delimiter), _LOOKED_AT) if any(row)]
        if not widths or widths[0] < 2:
            continue
        same = round(sum(width == widths[0] for width in widths) / len(widths), 1)
        if (same, widths[0]) > best_score:
            best, best_score = delimiter, (same, widths[0])
    return best


def _header(names: Sequence[str], row: int, warnings: list[str]) -> tuple[str, ...]:
    if not any(names):
        raise UnreadableFile(f"Line {row} should name the columns, and is empty.")
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has {len(names):,} columns; at most {MAX_COLUMNS} can be read.")
    if any("@" in name and "." in name for name in names):
        warnings.append(f"Line {row} looks like a lead, not like column names: it is not imported.")
    header: list[str] = []
    for number, name in enumerate(names, start=1):
        short = name[:MAX_HEADER] or f"Column {number}"
        known = {each.casefold() for each in header}
        unique = next(each for each in _spellings(short) if each.casefold() not in known)
        if unique != short:
            warnings.append(f"Line {row} names column {number} {short!r} again; it is called {unique!r} here.")
        header.append(unique)
    return tuple(header)


def _spellings(name: str) -> list[str]:
    return [name, *(f"{name} ({number})" for number in range(2, MAX_COLUMNS + 2))]


def _samples(rows: Sequence[Sequence[str]], column: int) -> tuple[str, ...]:
    values = (row[column].strip()[:80] for row in rows if column < len(row))
    return tuple(islice((value for value in values if value), SAMPLES))
