"""What tests of exporting share: a file, read back as whoever opens it reads it."""

import csv
import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from leadflow.bootstrap import App
from leadflow.intake import exporting
from leadflow.intake.exporting import Download, ExportLeads, Format, Outlook
from leadflow.kernel.scope import Scope
from leadflow.kernel.spreadsheet import MARK
from leadflow.views.rules import LeadFilter

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ALL = LeadFilter()


async def download(app: App, scope: Scope, **command: Any) -> tuple[Download, bytes]:
    if "leads" not in command:
        command.setdefault("where", ALL)
    made = await exporting.export(app, scope, ExportLeads(**command))
    return made, b"".join([piece async for piece in made.pieces])


async def table(app: App, scope: Scope, **command: Any) -> list[list[str]]:
    """The rows of a CSV file, its header first."""
    _, content = await download(app, scope, **command)
    assert content.startswith(MARK)
    assert content.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


async def sheet(app: App, scope: Scope, **command: Any) -> list[list[str | float | None]]:
    """The rows of a workbook, its header first; numbers are numbers."""
    _, content = await download(app, scope, format=Format.XLSX, **command)
    return rows_of(content)


def rows_of(content: bytes) -> list[list[str | float | None]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        drawn = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    return [[_cell(cell) for cell in row] for row in drawn.iter(f"{XML}row")]


def _cell(cell: ET.Element) -> str | float | None:
    if cell.get("t") == "inlineStr":
        return cell.findtext(f"{XML}is/{XML}t")
    assert cell.find(f"{XML}f") is None
    number = cell.findtext(f"{XML}v")
    return None if number is None else float(number)


async def outlook(app: App, scope: Scope, **command: Any) -> Outlook:
    if "leads" not in command:
        command.setdefault("where", ALL)
    async with app.reading(scope) as work:
        return await exporting.look(work, ExportLeads(**command))
