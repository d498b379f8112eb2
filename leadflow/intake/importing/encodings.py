"""Which encoding a file is in: declared, marked, or found out by reading all of it."""

import codecs
from dataclasses import dataclass

from leadflow.intake.importing.errors import UnreadableFile

UTF_8 = "utf-8"
UTF_16_LE = "utf-16-le"
UTF_16_BE = "utf-16-be"
WINDOWS = "cp1252"
LATIN = "latin-1"

NAMES = {UTF_8: "UTF-8", UTF_16_LE: "UTF-16", UTF_16_BE: "UTF-16", WINDOWS: "Windows-1252", LATIN: "Latin-1"}
BOMS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF16_LE, UTF_16_LE), (codecs.BOM_UTF16_BE, UTF_16_BE))
_CONTAINERS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
_UNDEFINED_IN_WINDOWS = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_HOW_TO = "In Excel choose “Save as … CSV UTF-8”."


@dataclass(frozen=True, slots=True)
class Encoding:
    """`bom` is how many bytes the mark at the beginning takes."""

    codec: str
    bom: int = 0
    warning: str = ""

    @property
    def is_wide(self) -> bool:
        return self.codec in {UTF_16_LE, UTF_16_BE}

    @property
    def codec_of_blocks(self) -> str:
        """What `source.blocks` yields: UTF-16 comes as UTF-8."""
        return UTF_8 if self.is_wide else self.codec


def canonical(declared: str) -> str:
    """One of our codecs for a name that people or browsers use.

    Raises:
        UnreadableFile: it is none that we read.

    """
    try:
        name = codecs.lookup(declared.strip().strip('"')).name
    except LookupError:
        name = ""
    known = {
        "utf-8": UTF_8, "utf-8-sig": UTF_8, "ascii": UTF_8, "utf-16": UTF_16_LE, "utf-16-le": UTF_16_LE,
        "utf-16-be": UTF_16_BE, "cp1252": WINDOWS, "iso8859-1": LATIN,
    }  # fmt: skip
    if name not in known:
        raise UnreadableFile(f"The encoding {declared[:40]!r} is not supported: use UTF-8, UTF-16 or Windows-1252.")
    return known[name]


def refuse_containers(head: bytes) -> None:
    """Raises UnreadableFile for what is no text file at all."""
    for magic, what in _CONTAINERS.items():
        if head.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a CSV file. Open it and save its table as CSV. {_HOW_TO}")


def marked(head: bytes) -> Encoding | None:
    """The encoding that the first bytes give away: a byte order mark, or every second byte a zero."""
    for mark, codec in BOMS:
        if head.startswith(mark):
            return Encoding(codec, len(mark))
    even, odd = head[:4096:2], head[1:4096:2]
    if len(odd) >= 8 and odd.count(0) > len(odd) * 0.6 and not even.count(0):
        return Encoding(UTF_16_LE)
    if len(odd) >= 8 and even.count(0) > len(even) * 0.6 and not odd.count(0):
        return Encoding(UTF_16_BE)
    return None


class Detector:
    """Reads a whole file, piece by piece, and then knows its encoding."""

    def __init__(self, declared: str = "") -> None:
        self._declared = canonical(declared) if declared else ""
        self._encoding: Encoding | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._broken = 0
        self._wide = 0
        self._line = 1
        self._first_broken_line = 0
        self._undefined = False

    def feed(self, data: bytes) -> None:
        """Raises UnreadableFile when the first bytes are not a text file's."""
        if self._decoder is None:
            refuse_containers(data)
            self._encoding = marked(data)
            codec = self._encoding.codec if self._encoding else self._declared or UTF_8
            self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        # A replacement character that stands in the file itself is somebody else's accident, and valid.
        self._judge(self._decoder.decode(data), data.count(b"\xef\xbf\xbd"))
        self._undefined = self._undefined or any(byte in data for byte in _UNDEFINED_IN_WINDOWS)
        self._line += data.count(b"\n")

    def _judge(self, text: str, genuine: int = 0) -> None:
        if text.isascii():
            return
        broken = max(0, text.count("\ufffd") - genuine)
        if broken and not self._first_broken_line:
            self._first_broken_line = self._line + text[: text.index("\ufffd")].count("\n")
        self._broken += broken
        self._wide += len(text) - len(text.encode("ascii", "ignore"))

    def result(self) -> Encoding:
        """Raises UnreadableFile when the file is not in the encoding that was declared for it."""
        if self._decoder is not None:
            self._judge(self._decoder.decode(b"", final=True))
        if self._encoding is not None:
            return self._flawed(self._encoding)
        if self._declared in {WINDOWS, LATIN}:
            return Encoding(WINDOWS if self._declared == WINDOWS and not self._undefined else LATIN)
        if self._declared and self._broken:
            raise UnreadableFile(
                f"The file is said to be {NAMES[self._declared]}, but line {self._first_broken_line} is not. "
                f"Save it as UTF-8, or choose Windows-1252. {_HOW_TO}"
            )
        # Hardly any text in a one-byte encoding is valid UTF-8 by chance: where most is, the rest is damage.
        if self._broken > self._wide - self._broken:
            return Encoding(LATIN if self._undefined else WINDOWS)
        return self._flawed(Encoding(self._declared or UTF_8))

    def _flawed(self, encoding: Encoding) -> Encoding:
        if not self._broken:
            return encoding
        warning = (
            f"Line {self._first_broken_line} is not valid {NAMES[encoding.codec]}; rows with such characters stay out."
        )
        return Encoding(encoding.codec, encoding.bom, warning)
