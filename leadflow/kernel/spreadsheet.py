"""Files that people open in a spreadsheet: nothing in them runs."""

import csv
import io
import re
from collections.abc import Iterable

MARK = "\ufeff".encode()
"""What a file begins with, so that Excel reads it as UTF-8."""

_SIGNED_NUMBER = re.compile(r"[+-][0-9 ()./-]{1,24}")
SKIPPED = "".join(map(chr, range(33))) + "\x7f\u00a0\u200b\ufeff"


def neutral(cell: str) -> str:
    """The cell as a spreadsheet may open it: what it would run as a formula becomes text by an apostrophe.

    Judged by the first character that is neither white space nor a control character, because spreadsheets skip those.
    A plain number with its sign, such as a phone number, runs nothing and stays as it is.

    >>> neutral("=1+1"), neutral(" @SUM(A1)"), neutral("+49 30 901820"), neutral("-5"), neutral("Ada")
    ("'=1+1", "' @SUM(A1)", '+49 30 901820', '-5', 'Ada')
    """
    if cell[:1] in {"\t", "\r"}:
        return f"'{cell}"
    first = cell.lstrip(SKIPPED)[:1]
    if first in {"=", "@"} or (first in {"+", "-"} and not _SIGNED_NUMBER.fullmatch(cell.strip())):
        return f"'{cell}"
    return cell


def csv_rows(rows: Iterable[Iterable[object]], delimiter: str = ",") -> bytes:
    r"""
    >>> csv_rows([["Ada", "=1+1", 5]])
    b"Ada,'=1+1,5\r\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([neutral(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode()
