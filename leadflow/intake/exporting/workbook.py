"""A workbook of one sheet, written while its rows come by: a zip archive whose parts are never there as a whole."""

import asyncio
import io
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from leadflow.intake.exporting.columns import COLUMNS
from leadflow.kernel.work import Line

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Leads" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # 0 plain, 1 a time, 2 an amount, 3 the header
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>',
}
_SHEET: Final = "xl/worksheets/sheet1.xml"
_FROZEN: Final = (
    '<sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)
LEVEL: Final = 1
"""Of compression: what repeats itself so much is small at any, and this one keeps up with the database."""
CELL_BYTES: Final = 90
"""Of a cell at most, nearly always: whether the sheet may be larger than the old form of the archive can say."""
OLD_LIMIT: Final = 2**31


class _Sink(io.RawIOBase):
    """Where the archive goes until somebody fetches it. There is no way back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:  # noqa: ANN401 - whatever holds bytes
        self._pieces.append(bytes(piece))
        return len(piece)

    def fetched(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


async def workbook(
    columns: Sequence[str], labels: Sequence[str], leads: int, lines: AsyncIterator[Sequence[Line]]
) -> AsyncGenerator[bytes, None]:
    """The archive in pieces, from rows that are XML already. Compression is a thread's: it keeps nobody waiting."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, part in _PARTS.items():
            archive.writestr(name, _HEAD + part)
        is_huge = leads * len(columns) * CELL_BYTES > OLD_LIMIT
        with archive.open(_SHEET, "w", force_zip64=is_huge) as sheet:
            sheet.write(_top(columns, labels))
            async for some in lines:
                await asyncio.to_thread(sheet.write, b"".join(some))
                if piece := sink.fetched():
                    yield piece
            sheet.write(b"</sheetData></worksheet>")
    yield sink.fetched()


def _top(columns: Sequence[str], labels: Sequence[str]) -> bytes:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{COLUMNS[name].width}" customWidth="1"/>'
        for place, name in enumerate(columns, 1)
    )
    cells = "".join(f'<c s="3" t="inlineStr"><is><t>{escape(label)}</t></is></c>' for label in labels)
    sheet = f'<worksheet xmlns="{_MAIN}">{_FROZEN}<cols>{widths}</cols><sheetData><row>{cells}</row>'
    return (_HEAD + sheet).encode()
