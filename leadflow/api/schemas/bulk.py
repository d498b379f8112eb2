"""Answers about many leads at once."""

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class HadItem(Shape):
    value: str | int
    leads: int


class FieldPreviewItem(Shape):
    field: str
    to: str | int = Field(description="Empty text, or a value of 0, where the field is emptied")
    changing: int
    from_: list[HadItem] = Field(description="The most frequent values now")
    others: int = Field(description="Leads with still other values")


class EditPreview(Shape):
    leads: int = Field(description="Of the selection, those that you see")
    changing: int
    already: int = Field(description="Say all of it already")
    refused: int = Field(description="You may look at these and not change them")
    closed: int = Field(description="Won or lost, and left as they are")
    missing: int = Field(description="Named, and not there or out of your sight")
    fields: list[FieldPreviewItem]


class EditResult(Shape):
    id: str | None = Field(description="To take it back by; null when no lead was to change")
    leads: int = Field(description="How many were to change")
    skipped: int = Field(description="How many of them somebody else had changed a moment before")
    remaining: int = Field(description="How many change in the background")


class EditUndone(Shape):
    returned: int
    kept: int = Field(description="These say something else by now, or are out of your reach")
    remaining: int = Field(description="How many go back in the background")


class EditProgress(Shape):
    is_undone: bool
    changed: int
    skipped: int
    returned: int
    kept: int
    remaining: int
    has_stopped: bool = Field(description="The rest does not go on by itself: it has failed too often")


class ExportColumn(Shape):
    key: str
    label: str


class ExportOutlook(Shape):
    leads: int
    beyond: int = Field(description="Leads that match, and that your role does not export")
    columns: list[ExportColumn] = Field(description="All that you may have")
    spreadsheet_rows: int = Field(description="How many leads an XLSX file holds")
