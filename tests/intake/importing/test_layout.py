import codecs

import pytest

from leadflow.intake.importing.errors import UnreadableFile
from leadflow.intake.importing.limits import MAX_COLUMNS
from tests.intake.importing.files import seen_as

TABLE = "Näme,E-mail\nZoë,zoe@example.com\nÅsa,asa@example.com\n"


@pytest.mark.parametrize(
    ("content", "codec", "bom"),
    [
        (TABLE.encode(), "utf-8", 0),
        (codecs.BOM_UTF8 + TABLE.encode(), "utf-8", 3),
        (codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"), "utf-16-le", 2),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "utf-16-be", 2),
        (TABLE.encode("utf-16-le"), "utf-16-le", 0),
        (TABLE.encode("cp1252"), "cp1252", 0),
        (TABLE.encode("latin-1") + b"\x81,x\n", "latin-1", 0),
    ],
)
def test_the_encoding_is_found_out(content: bytes, codec: str, bom: int) -> None:
    encoding, layout = seen_as(content)
    assert (encoding.codec, encoding.bom) == (codec, bom)
    assert layout.header == ("Näme", "E-mail")
    assert layout.samples[0][:2] == ("Zoë", "Åsa")


def test_a_wrong_declared_encoding_is_said_with_its_line() -> None:
    with pytest.raises(UnreadableFile, match=r"line 2 is not.*Windows-1252"):
        seen_as("name\nZoë\n".encode("cp1252"), declared="utf-8")


def test_a_declared_encoding_decides() -> None:
    encoding, layout = seen_as("name\nZoë\n".encode(), declared="Windows-1252")
    assert (encoding.codec, layout.samples[0]) == ("cp1252", ("ZoÃ«",))


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="'klingon' is not supported"):
        seen_as(b"name\nAda\n", declared="klingon")


def test_a_broken_line_in_a_file_of_utf8_leaves_it_utf8() -> None:
    encoding, _ = seen_as(("name\n" + "Zoë\n" * 50).encode() + b"Zo\xeb\n")
    assert encoding.codec == "utf-8"
    assert "Line 52 is not valid UTF-8" in encoding.warning


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"name,email\n", "no rows"),
        (b"name,email\n\n\n", "no rows"),
        (b",,\n1,2,3\n", "should name the columns"),
        (",".join(f"c{i}" for i in range(1000)).encode() + b"\n" + b"1," * 999 + b"1\n", "1,000 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        seen_as(content)


def test_five_hundred_columns_are_fine() -> None:
    _, layout = seen_as(
        (",".join(f"c{i}" for i in range(MAX_COLUMNS)) + "\n" + "1," * (MAX_COLUMNS - 1) + "1\n").encode()
    )
    assert len(layout.header) == MAX_COLUMNS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    rows = [["name", "note", "email"], ["Ada", "a, b; c", "ada@example.com"], ["Bo", "1,5", "bo@example.com"]]
    content = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\n" for row in rows).encode()
    assert seen_as(content)[1].delimiter == delimiter


def test_one_column_needs_no_delimiter() -> None:
    _, layout = seen_as(b"email\na@example.com\nb@example.com\n")
    assert (layout.delimiter, layout.header) == (",", ("email",))


def test_excel_may_say_its_delimiter() -> None:
    _, layout = seen_as(b"sep=;\nname;email\nA,B;a@example.com\n")
    assert (layout.delimiter, layout.header, layout.line) == (";", ("name", "email"), 2)


def test_repeated_and_empty_column_names_are_told_apart_and_told() -> None:
    _, layout = seen_as(b"email,Email,,email (2)\n1,2,3,4\n")
    assert layout.header == ("email", "Email (2)", "Column 3", "email (2) (2)")
    assert "Line 1 names column 2 'Email' again" in layout.warnings[0]


def test_a_header_that_is_a_lead_is_warned_of() -> None:
    assert "looks like a lead" in seen_as(b"Ada,ada@example.com\nBo,bo@example.com\n")[1].warnings[0]
