"""Leads as files."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import Response

from leadflow.api.criteria import LeadMatch
from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.download import FileResponse
from leadflow.api.listing import words_of
from leadflow.api.schemas import problems
from leadflow.api.schemas.bulk import ExportOutlook
from leadflow.api.selection import LeadSelection
from leadflow.intake import exporting
from leadflow.intake.exporting import COLUMNS, ExportLeads, Format
from leadflow.intake.exporting.commands import SPREADSHEET_ROWS
from leadflow.kernel.permissions import Permission
from leadflow.views.orders.rules import Ordered, order_of
from leadflow.views.rules import Sort

ROUTER = router("leads")
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file; `X-Leads` says how many leads it has",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in ("text/csv", "*/*")},
    }
}
Columns = Annotated[
    list[Annotated[str, Field(max_length=40)]],
    BeforeValidator(words_of),
    Field(max_length=50, description=f"In their order, of {', '.join(COLUMNS)}; all that you may see when left out"),
]


class File(BaseModel):
    """What a file is to be."""

    format: Format = Format.CSV
    columns: Columns = Field(default_factory=list)
    sort: Annotated[Ordered, Field(description="Without it, the best score first")] = ""
    bom: Annotated[bool, Field(description="Whether CSV begins with the mark by which Excel knows UTF-8")] = True

    def asked(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "columns": tuple(self.columns),
            "sort": order_of(self.sort or Sort.SCORE_DESC),
            "mark": self.bom,
        }


class FileQuery(File, LeadMatch):
    """A file of what the list shows."""


class FileOfSelection(File, LeadSelection):
    """A file of what is selected."""

    def command(self, account_id: UUID | None) -> ExportLeads:
        return ExportLeads(**self.which(account_id), **self.asked())


@ROUTER.get("/export", responses=problems() | FILE)
@requires(Permission.LEADS_EXPORT)
async def export(call: Calling, query: Annotated[FileQuery, Query()]) -> Response:
    """All leads that match, as CSV or XLSX, in pieces as they come from the database. The export is itself recorded."""
    wanted = ExportLeads(where=query.filter_for(call.scope.actor.id), **query.asked())
    return FileResponse(call.door, await exporting.export(call.door.app, call.scope, wanted))


@ROUTER.post("/export", responses=problems(413, 415) | FILE)
@requires(Permission.LEADS_EXPORT)
async def export_selected(call: Calling, body: FileOfSelection) -> Response:
    """Up to 1,000 named leads, or all that match a filter, as CSV or XLSX. The export is itself recorded."""
    file = await exporting.export(call.door.app, call.scope, body.command(call.scope.actor.id))
    return FileResponse(call.door, file)


@ROUTER.post("/export/preview", response_model=ExportOutlook, responses=problems(413, 415))
@requires(Permission.LEADS_EXPORT)
async def look(call: Calling, body: FileOfSelection) -> Response:
    """How many leads it would be, and which columns there are. Exports nothing."""
    async with call.reading() as work:
        found = await exporting.look(work, body.command(call.scope.actor.id))
    return answer(
        {
            "leads": found.leads,
            "beyond": found.beyond,
            "columns": [{"key": name, "label": COLUMNS[name].label} for name in found.columns],
            "spreadsheet_rows": SPREADSHEET_ROWS,
        }
    )
