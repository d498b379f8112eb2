"""Cuts bytes into the lines they were written as, in bounded memory."""

from collections.abc import Iterable, Iterator

from leadflow.intake.importing.limits import MAX_RECORD

Line = tuple[bytes, int]
"""A line with its line end, and how many bytes it takes in the file: more than it has when it was cut."""


def lines(blocks: Iterable[bytes]) -> Iterator[Line]:
    r"""Lines ending in \n, \r\n or \r. What a line has beyond `MAX_RECORD` is left out, its quotes excepted."""
    rest, dropped, quotes = b"", 0, 0
    for block in blocks:
        pieces = (rest + block).splitlines(keepends=True)
        rest = pieces.pop() if pieces else b""
        if rest.endswith(b"\n"):
            pieces.append(rest)
            rest = b""
        for piece in pieces:
            if dropped:
                yield _cut(piece, dropped, quotes)
                dropped = quotes = 0
            else:
                yield piece, len(piece)
        if len(rest) > MAX_RECORD:
            tail = rest[MAX_RECORD:-1]
            dropped += len(tail)
            quotes += tail.count(b'"')
            rest = rest[:MAX_RECORD] + rest[-1:]
    if rest:
        yield _cut(rest, dropped, quotes) if dropped else (rest, len(rest))


def _cut(piece: bytes, dropped: int, quotes: int) -> Line:
    """Keeps the parity of quotes, so that a cell which was closed in the part left out is closed here too."""
    size = len(piece) + dropped
    head, tail = piece[:MAX_RECORD], piece[MAX_RECORD:]
    end = b"\r\n" if tail.endswith(b"\r\n") else tail[-1:] if tail[-1:] in {b"\n", b"\r"} else b""
    parity = (quotes + tail.count(b'"')) % 2
    return head + b'"' * parity + end, size
