"""Where the bytes of a file come from, and the same bytes as UTF-8 or a one-byte encoding, from any position on."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from leadflow.intake.importing.encodings import Encoding
from leadflow.intake.importing.limits import PART_BYTES


class Source(Protocol):
    """A file in parts of `PART_BYTES`. It is asked from the thread that parses, so it may block."""

    def part(self, number: int) -> bytes:
        """Its bytes; empty after the end."""
        ...


class DiskSource:
    """A file on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def part(self, number: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(number * PART_BYTES)
            return file.read(PART_BYTES)


class MemorySource:
    """The beginning of a file, already here."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def part(self, number: int) -> bytes:
        return self._content[number * PART_BYTES : (number + 1) * PART_BYTES]


def blocks(source: Source, encoding: Encoding, position: int) -> Iterator[bytes]:
    """The file from `position` on, counted after its byte order mark.

    UTF-16 comes as UTF-8, and is positioned by that: line ends are then single bytes.
    """
    if encoding.is_wide:
        yield from _from(position, _transcoded(source, encoding))
        return
    number, skip = divmod(encoding.bom + position, PART_BYTES)
    while part := source.part(number):
        yield part[skip:]
        number, skip = number + 1, 0


def _from(position: int, wide: Iterator[bytes]) -> Iterator[bytes]:
    for block in wide:
        if position < len(block):
            yield block[position:]
        position = max(0, position - len(block))


def _transcoded(source: Source, encoding: Encoding) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding.codec)(errors="replace")
    number, skip = 0, encoding.bom
    while part := source.part(number):
        yield decoder.decode(part[skip:]).encode()
        number, skip = number + 1, 0
    yield decoder.decode(b"", final=True).encode()
