"""What screens and the API are told of an import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.intake.importing.chunks import Plan
from leadflow.intake.importing.encodings import NAMES, Encoding
from leadflow.intake.importing.layout import Layout
from leadflow.intake.importing.mapping import FIELDS, columns_of, suggest
from leadflow.intake.tables import LeadImport


@dataclass(frozen=True, slots=True)
class Description:
    """A file as it was found to be. `columns` have a name, first values, and the field that the name suggests."""

    id: UUID
    filename: str
    rows: int
    encoding: str
    delimiter: str
    columns: list[JsonValue]
    warnings: list[str]

    @property
    def suggested(self) -> dict[str, str | None]:
        return suggest([str(column["name"]) for column in self.columns if isinstance(column, dict)])

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "id": str(self.id),
            "filename": self.filename,
            "columns": self.columns,
            "rows": self.rows,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "warnings": list(self.warnings),
            "fields": [{"value": key, "label": label} for key, label in FIELDS.items()],
        }


def describe(found: LeadImport, layout: Layout) -> Description:
    suggested = suggest(layout.header)
    columns: list[JsonValue] = [
        {"name": name, "samples": list(samples), "suggested": suggested[name]}
        for name, samples in zip(layout.header, layout.samples, strict=True)
    ]
    return Description(
        found.id, found.filename, found.row_count, NAMES[found.encoding], found.delimiter, columns, layout.warnings
    )


def encoding_of(found: LeadImport) -> Encoding:
    return Encoding(found.encoding, found.bom)


def plan_of(found: LeadImport, mapping: Mapping[str, str | None], *, from_start: bool) -> Plan:
    """How to read the file: from its first row, or from where the import stands.

    Raises:
        Invalid: the mapping is impossible.

    """
    columns = columns_of(found.header, mapping)
    position, line = (found.body_position, found.body_line) if from_start else (found.position, found.line)
    return Plan(encoding_of(found), found.delimiter, columns, position, line)


def progress(found: LeadImport, now: datetime) -> dict[str, JsonValue]:
    """How far an import is, in rows, rows a second and seconds left."""
    until = found.finished_at or found.advanced_at or now
    seconds = (until - found.started_at).total_seconds() if found.started_at else 0.0
    rate = found.rows_done / seconds if seconds > 0 else 0.0
    left = max(0, found.row_count - found.rows_done)
    return {
        "id": str(found.id),
        "filename": found.filename,
        "status": found.state,
        "rows": found.row_count,
        "rows_done": found.rows_done,
        "rate": round(rate),
        "eta_s": round(left / rate, 1) if rate and found.state in {"queued", "running"} else None,
        "created": found.created,
        "joined": found.joined,
        "rejected": found.rejected,
        "error": found.error or None,
    }
