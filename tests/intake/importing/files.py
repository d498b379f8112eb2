"""Files as people send them."""

from functools import partial

from leadflow.intake.importing.encodings import Detector, Encoding
from leadflow.intake.importing.layout import Layout, layout_of
from leadflow.intake.importing.records import Records
from leadflow.intake.importing.source import MemorySource, blocks

UTF_8 = Encoding("utf-8")


def rows_of(
    content: bytes, *, width: int, encoding: Encoding = UTF_8, delimiter: str = ","
) -> list[tuple[int, str, list[str]]]:
    """Line, flaw and cells of each row."""
    records = reading(content, width=width, encoding=encoding, delimiter=delimiter)
    return [(records.row, str(records.flaw), list(cells)) for cells in records]


def reading(
    content: bytes,
    *,
    width: int,
    encoding: Encoding = UTF_8,
    delimiter: str = ",",
    position: int = 0,
    line: int = 0,
) -> Records:
    opened = partial(blocks, MemorySource(content), encoding)
    return Records(opened, encoding.codec_of_blocks, delimiter, width=width, position=position, line=line)


def seen_as(content: bytes, declared: str = "") -> tuple[Encoding, Layout]:
    detector = Detector(declared)
    detector.feed(content)
    encoding = detector.result()
    return encoding, layout_of(content, encoding)
