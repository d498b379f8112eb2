import random

import pytest

from leadflow.intake.importing import limits
from leadflow.intake.importing.encodings import Encoding
from leadflow.intake.importing.lines import lines
from tests.intake.importing.files import reading, rows_of


def test_a_row_is_named_by_the_line_it_begins_on() -> None:
    content = b'a,b\n"x\ny",2\n\n3,4\n'
    assert rows_of(content, width=2) == [(1, "", ["a", "b"]), (2, "", ["x\ny", "2"]), (5, "", ["3", "4"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(end: str) -> None:
    content = end.join(["a,b", '"c\nd",e', "f,g"]).encode()
    rows = rows_of(content, width=2)
    assert [cells for _, _, cells in rows] == [["a", "b"], ["c\nd", "e"], ["f", "g"]]
    assert [line for line, _, _ in rows] == [1, 2, 4]


def test_rows_with_too_few_or_too_many_cells_are_ragged() -> None:
    assert rows_of(b"a,b\n1\n1,2,3\n1,2,,\n", width=2) == [
        (1, "", ["a", "b"]),
        (2, "ragged", ["1"]),
        (3, "ragged", ["1", "2", "3"]),
        (4, "", ["1", "2"]),
    ]


def test_a_stray_quote_costs_its_own_line_only() -> None:
    content = b'a,b\n"oops,1\nc,d\ne,f\n'
    assert rows_of(content, width=2) == [
        (1, "", ["a", "b"]),
        (2, "open quote", ["oops,1\n"]),
        (3, "", ["c", "d"]),
        (4, "", ["e", "f"]),
    ]


def test_two_stray_quotes_cost_two_lines() -> None:
    content = b'a,b\n"x,1\nc,d\n"y,2\ne,f\n'
    assert [(line, flaw) for line, flaw, _ in rows_of(content, width=2)] == [
        (1, ""), (2, "open quote"), (3, ""), (4, "open quote"), (5, ""),
    ]  # fmt: skip


def test_a_stray_quote_before_a_megabyte_of_rows_costs_its_own_line_only() -> None:
    content = b'a,b\n"oops,1\n' + b"c,d\n" * 400_000 + b'e,"f, g"\n'
    rows = rows_of(content, width=2)
    assert rows[1][:2] == (2, "open quote")
    assert len(rows) == 400_003
    assert rows[-1] == (400_003, "", ["e", "f, g"])


def test_what_is_quoted_well_is_never_taken_for_rows() -> None:
    content = b'a,b\n"note\nevil,1\nworse,2\n",x,y\nc,d\n'
    assert [(line, flaw) for line, flaw, _ in rows_of(content, width=2)] == [(1, ""), (2, "ragged"), (6, "")]


def test_quotes_inside_a_cell_are_text() -> None:
    assert rows_of(b'5" pipe,"say ""hi"""\n', width=2) == [(1, "", ['5" pipe', 'say "hi"'])]


@pytest.mark.parametrize("newline", [b"", b"\n", b",\n", b"x\n"])
def test_a_ten_megabyte_cell_costs_its_row_and_no_memory(newline: bytes) -> None:
    huge = b'"' + (b"z" * 997 + b'""' + newline) * 10_000 + b'"'
    content = b"a,b\n" + huge + b",2\nc,d\n"
    rows = rows_of(content, width=2)
    assert [(flaw, cells) for _, flaw, cells in (rows[0], rows[-1])] == [("", ["a", "b"]), ("", ["c", "d"])]
    assert [flaw for _, flaw, _ in rows[1:-1]] == ["too long"]
    assert sum(map(len, rows[1][2])) <= 2 * limits.MAX_RECORD
    assert rows[-1][0] == content.count(b"\n")


def test_a_cell_over_the_limit_costs_its_row() -> None:
    content = b"a,b\n" + b"z" * (limits.MAX_CELL + 1) + b",2\n" + b"y" * (limits.MAX_CELL - 1) + b",3\n"
    assert [flaw for _, flaw, _ in rows_of(content, width=2)] == ["", "long cell", ""]


def test_a_nul_costs_its_row() -> None:
    assert [flaw for _, flaw, _ in rows_of(b"a,b\nx\0,1\ny,2\n", width=2)] == ["", "nul", ""]


def test_bytes_outside_the_encoding_cost_their_row() -> None:
    content = b"a,b\ncaf\xe9,1\ncaf\xc3\xa9,2\n"
    assert rows_of(content, width=2)[1:] == [(2, "undecodable", ["caf\ufffd", "1"]), (3, "", ["café", "2"])]


def test_empty_lines_are_nothing() -> None:
    assert [line for line, _, _ in rows_of(b"\n\na,b\n\n\nc,d\n\n", width=2)] == [3, 6]


@pytest.mark.parametrize(
    "encoding", [Encoding("utf-8"), Encoding("utf-8", 3), Encoding("utf-16-le", 2), Encoding("cp1252")]
)
def test_reading_goes_on_from_every_position(encoding: Encoding) -> None:
    text = 'näme,b\n"x\ny",1\nö,2\r\n"oops,3\nü,4\n'
    bom = {("utf-8", 3): b"\xef\xbb\xbf", ("utf-16-le", 2): b"\xff\xfe"}.get((encoding.codec, encoding.bom), b"")
    content = bom + text.encode(encoding.codec)
    whole = rows_of(content, width=2, encoding=encoding)
    assert len(whole) == 5
    records = reading(content, width=2, encoding=encoding)
    for number, _ in enumerate(records, start=1):
        rest = reading(content, width=2, encoding=encoding, position=records.position, line=records.line)
        assert [(rest.row, str(rest.flaw), cells) for cells in rest] == whole[number:]


def test_the_last_line_needs_no_end() -> None:
    assert [cells for _, _, cells in rows_of(b"a,b\nc,d", width=2)] == [["a", "b"], ["c", "d"]]


def test_lines_do_not_depend_on_how_the_bytes_arrive() -> None:
    chance = random.Random(5)
    content = b"".join(chance.choice([b"ab", b"\r", b"\n", b"\r\n", b'"', b","]) for _ in range(3000))
    expected = [(line, len(line)) for line in content.splitlines(keepends=True)]
    for _ in range(20):
        cuts = sorted(chance.sample(range(len(content)), 40))
        pieces = [content[a:b] for a, b in zip([0, *cuts], [*cuts, len(content)], strict=True)]
        assert list(lines(pieces)) == expected


def test_a_line_that_was_cut_keeps_its_size_and_the_parity_of_its_quotes() -> None:
    line = b'"' + b"x" * (3 * limits.MAX_RECORD) + b'",2\n'
    ((cut, size),) = lines([line[i : i + 70_000] for i in range(0, len(line), 70_000)])
    assert size == len(line)
    assert len(cut) <= limits.MAX_RECORD + 3
    assert cut.count(b'"') % 2 == 0
    assert cut.endswith(b"\n")
