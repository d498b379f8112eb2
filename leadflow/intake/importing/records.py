"""Rows of a file as people and programs really write them: named by their line, with what is wrong with each.

A hand-written loop per physical line, because a million of them pass through it.
"""

import csv
from collections.abc import Callable, Iterator
from enum import StrEnum

from leadflow.intake.importing.limits import MAX_CELL, MAX_RECORD
from leadflow.intake.importing.lines import lines

Opener = Callable[[int], Iterator[bytes]]
"""The file's bytes from a position on."""

MAX_REREAD = 256 * 1024 * 1024


class Flaw(StrEnum):
    """Why a row cannot be taken as it stands."""

    NONE = ""
    RAGGED = "ragged"
    LONG_CELL = "long cell"
    TOO_LONG = "too long"
    UNDECODABLE = "undecodable"
    NUL = "nul"
    OPEN_QUOTE = "open quote"


class Records:
    """Iterates over the rows' cells. Beside each: `row` (the line it begins on), `flaw`, and where it ends.

    A row whose quote swallowed the rows after it costs only its own line: when the quote that ends it is none that
    closes a cell, and the next line reads as a row by itself, reading goes on there.
    """

    def __init__(
        self, opened: Opener, codec: str, delimiter: str, *, width: int = 0, position: int = 0, line: int = 0
    ) -> None:
        self._open = opened
        self._codec = codec
        self._delimiter = delimiter
        self._width = width
        self.position = position
        self.line = line
        self.row = line + 1
        self.flaw = Flaw.NONE
        self._begun = position
        self._lines: list[str] = []
        self._first_end = position
        self._is_over = False
        self._is_torn = False
        self._reread = 0
        csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_RECORD))

    def __iter__(self) -> Iterator[list[str]]:
        width = self._width
        while not self._is_over:
            for cells in csv.reader(self._texts(), delimiter=self._delimiter):
                if len(cells) != width or self.flaw or self.line != self.row or self._is_over:
                    if not cells:
                        self._next()
                        continue
                    examined, restarts = self._examined(cells)
                    yield examined
                    self._next()
                    if restarts:
                        break
                else:
                    yield cells
                    self.row = self.line + 1
                    self._begun = self.position

    def _next(self) -> None:
        self.row, self._begun, self.flaw = self.line + 1, self.position, Flaw.NONE
        self._is_torn = False

    def _texts(self) -> Iterator[str]:
        """Decoded lines. `csv` asks for the next one only while a row is not complete."""
        codec = self._codec
        self._is_over = False
        for raw, size in lines(self._open(self.position)):
            self.position += size
            self.line += 1
            if self.position - self._begun > MAX_CELL:
                raw = self._bounded(raw)  # noqa: PLW2901 - the line as it is to be read
            if b"\0" in raw:
                self.flaw = Flaw.NUL
                raw = raw.replace(b"\0", b"")  # noqa: PLW2901 - PostgreSQL's text has no place for it
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                self.flaw = Flaw.UNDECODABLE
                text = raw.decode(codec, "replace")
            if self.line == self.row:
                self._lines, self._first_end = [text], self.position
            else:
                self._lines.append(text)
            yield text
        self._is_over = True

    def _bounded(self, raw: bytes) -> bytes:
        """A row beyond the limit goes on being read, for its end, and is no longer kept."""
        if self.position - self._begun <= MAX_RECORD:
            self.flaw = self.flaw or Flaw.LONG_CELL
            return raw
        self.flaw = Flaw.TOO_LONG
        if self.line == self.row:
            return raw
        lone = raw.replace(b'""', b"")
        closing = lone.find(b'"')
        after = lone[closing + 1 : closing + 2].decode("latin-1")
        self._is_torn = self._is_torn or (closing >= 0 and after not in {"", "\r", "\n", self._delimiter})
        return b'"\n' if self._is_torn or lone.count(b'"') % 2 else b""

    def _examined(self, cells: list[str]) -> tuple[list[str], bool]:
        """The cells with their flaw noted, and whether reading restarts on the row's second line."""
        width, is_open = self._width, self._is_over
        if self.flaw is Flaw.LONG_CELL and max(map(len, cells)) <= MAX_CELL:
            self.flaw = Flaw.NONE
        if is_open or self._is_torn or self._closes_a_strange_quote():
            self.flaw = Flaw.OPEN_QUOTE
            if self.line > self.row and (is_open or self._second_line_is_a_row()):
                return self._restart(cells)
        elif not self.flaw and width and len(cells) > width and not any(cells[width:]):
            return cells[:width], False
        elif not self.flaw and len(cells) != width and width:
            self.flaw = Flaw.RAGGED
        return cells, False

    def _closes_a_strange_quote(self) -> bool:
        """Whether a row of several lines ends at a quote which, by its neighbours, rather opens or is text."""
        if self.line == self.row or self.flaw is Flaw.TOO_LONG:
            return False
        try:
            next(csv.reader(self._lines, delimiter=self._delimiter, strict=True), None)
        except csv.Error:
            return True
        return False

    def _second_line_is_a_row(self) -> bool:
        text = self._lines[1]
        alone = next(csv.reader([text], delimiter=self._delimiter), [])
        return len(alone) == self._width and self._width > 1

    def _restart(self, cells: list[str]) -> tuple[list[str], bool]:
        self._reread += self.position - self._begun + 4096
        if self._reread > MAX_REREAD:
            return cells, False
        self.flaw = Flaw.OPEN_QUOTE
        self.position, self.line = self._first_end, self.row
        self._is_over = False
        first = self._lines[:1]
        return next(csv.reader(first, delimiter=self._delimiter), first), True
