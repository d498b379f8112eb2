"""Use cases of exporting leads: how many it would be, and the file itself, which streams by.

The database makes the lines. They go from its connection to whoever asked, so a million leads take no more memory than
a hundred; and what only reads holds back nobody who reads the log.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from leadflow.intake.exporting import queries
from leadflow.intake.exporting.columns import COLUMNS, Kind, chosen, seen
from leadflow.intake.exporting.commands import SPREADSHEET_ROWS, ExportLeads, Format
from leadflow.intake.exporting.workbook import workbook
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.spreadsheet import MARK, csv_rows
from leadflow.kernel.work import OpensStream, Work
from leadflow.views.filtering.queries import time_zone
from leadflow.views.rules import LeadFilter

EXPORTED: Final = "leads.exported"
END: Final = b"\r\n"
MEDIA_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SAID: Final = {"owner", "stage", "band", "source", "captured"}
"""What of a filter is told in the log; of the rest only that it was asked for: it may be somebody's name."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an export would be."""

    leads: int
    beyond: int
    """Leads that match, and that are not theirs to export."""
    columns: Sequence[str]
    """All that they may have."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is made while it is read."""

    filename: str
    media_type: str
    leads: int
    pieces: AsyncGenerator[bytes, None]
    """Whoever stops early closes it."""


async def look(work: Work, command: ExportLeads) -> Outlook:
    """How many leads it would be, and which columns there are. Raises Forbidden as `export` does."""
    _require(work.scope)
    found = await queries.counted(work, command)
    return Outlook(found.leads, found.matching - found.leads, seen(work.scope.fields))


def _require(scope: Scope) -> None:
    scope.require(Permission.LEADS_READ)
    scope.require(Permission.LEADS_EXPORT)


async def export(app: OpensStream, scope: Scope, command: ExportLeads) -> Download:
    """The leads as a file. That it was asked for is recorded before its first byte.

    Raises:
        Forbidden: they may not export, or a column, the filter or the sort is about a field that is hidden from them.
        Invalid: there is no such column, or a sheet does not hold so many leads.

    """
    _require(scope)
    columns = chosen(command.columns, scope.fields)
    async with app.work(scope) as work:
        leads = (await queries.counted(work, command)).leads
        if command.format is Format.XLSX and leads > SPREADSHEET_ROWS:
            raise Invalid(problems=[FieldProblem("format", _too_many(leads))])
        await queries.lines(work, command, columns)
        zone, today = await time_zone(work), work.clock.now().date()
        work.record(Event(EXPORTED, data=_told(command, columns, leads)))
    pieces = _pieces(app, scope, command, columns, leads, zone)
    return Download(f"leads-{today.isoformat()}.{command.format}", MEDIA_TYPES[command.format], leads, pieces)


def _too_many(leads: int) -> str:
    return (
        f"A spreadsheet holds {SPREADSHEET_ROWS:,} leads, and these are {leads:,}. Choose CSV, which holds any number, "
        "or narrow the filter."
    )


def _told(command: ExportLeads, columns: Sequence[str], leads: int) -> dict[str, JsonValue]:
    which: dict[str, JsonValue] = (
        {"selected": len(command.leads)} if command.leads is not None else {"filter": _asked(command.where)}
    )
    return {"leads": leads, "format": command.format.value, "columns": list(columns), **which}


def _asked(wanted: LeadFilter | None) -> dict[str, JsonValue]:
    said = wanted.model_dump(mode="json", exclude_defaults=True) if wanted else {}
    return {name: value if name in _SAID else True for name, value in said.items()}


async def _pieces(
    app: OpensStream, scope: Scope, command: ExportLeads, columns: Sequence[str], leads: int, zone: str
) -> AsyncGenerator[bytes, None]:
    labels = [_label(name, command.format, zone) for name in columns]
    async with app.streaming(scope, zone) as work:
        asked = await queries.lines(work, command, columns)
        async with aclosing(work.session.copy_out(*asked)) as lines:
            if command.format is Format.XLSX:
                async with aclosing(workbook(columns, labels, leads, lines)) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            yield (MARK if command.mark else b"") + csv_rows([labels])
            async for some in lines:
                yield END.join(some) + END


def _label(name: str, form: Format, zone: str) -> str:
    """In a sheet times have no zone of their own; in CSV each says how far it is from UTC."""
    column = COLUMNS[name]
    return f"{column.label} ({zone})" if form is Format.XLSX and column.kind is Kind.TIME else column.label
