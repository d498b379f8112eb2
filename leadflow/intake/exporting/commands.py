"""Input of exporting leads."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from leadflow.views.orders.rules import Order
from leadflow.views.rules import Sort
from leadflow.views.selecting.commands import Selection

SPREADSHEET_ROWS: Final = 1_048_575
"""What one sheet holds below its header."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class ExportLeads(Selection):
    """Which leads, in which order, and which of their columns; all that may be seen where none is named."""

    format: Format = Format.CSV
    columns: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=50)] = ()
    sort: Order = (Sort.SCORE_DESC,)
    mark: bool = True
    """Whether a CSV file begins with the mark by which Excel knows UTF-8."""
