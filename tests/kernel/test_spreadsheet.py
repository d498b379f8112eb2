"""Files for spreadsheets: no cell runs as a formula, and what was written can be read back."""

import csv
import io

import pytest

from leadflow.kernel.spreadsheet import csv_rows, neutral


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" \u00a0=1", "' \u00a0=1"),
        ("\u200b=1", "'\u200b=1"),
        ("+49 (30) 901820", "+49 (30) 901820"),
        ("-5", "-5"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_no_cell_runs_as_a_formula(cell: str, written: str) -> None:
    assert neutral(cell) == written


def test_rows_can_be_read_back() -> None:
    cells = ['a "quoted" one', "two\nlines", "=1+1"]
    read = csv.reader(io.StringIO(csv_rows([cells], ";").decode(), newline=""), delimiter=";")
    assert next(read) == ['a "quoted" one', "two\nlines", "'=1+1"]
