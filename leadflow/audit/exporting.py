"""The audit trail as a file, with the hashes, so that others can hold on to it."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import JsonValue

from leadflow.audit import queries
from leadflow.audit.rules import TrailFilter
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.spreadsheet import MARK, csv_rows
from leadflow.kernel.work import OpensWork

PAGE = 1000
COLUMNS = (
    "number", "at", "recorded_at", "who", "what", "kind", "detail", "actor_kind", "actor_id", "lead_id", "source",
    "data", "event_id", "previous_hash", "hash",
)  # fmt: skip


async def export(app: OpensWork, scope: Scope, wanted: TrailFilter) -> AsyncIterator[bytes]:
    """Wanted entries as CSV, earliest first; that it was asked for is itself recorded, before the first byte."""
    scope.require(Permission.AUDIT_READ)
    async with app.work(scope) as work:
        first = await queries.following(work, wanted, 0, PAGE)
        work.record(Event("audit.exported", data=_asked(wanted)))

    async def pieces() -> AsyncIterator[bytes]:
        page = first
        yield MARK + csv_rows([COLUMNS])
        while page:
            yield csv_rows([_cell(item, column) for column in COLUMNS] for item in page)
            if len(page) < PAGE:
                return
            async with app.work(scope) as work:
                page = await queries.following(work, wanted, page[-1]["number"], PAGE)

    return pieces()


def _asked(wanted: TrailFilter) -> dict[str, JsonValue]:
    """What was looked for, but not its words: they may be somebody's name or address."""
    asked: dict[str, JsonValue] = {
        "by_id": str(wanted.actor) if wanted.actor else None,
        "kinds": list(wanted.kinds),
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "searched": bool(wanted.q),
    }
    return {key: value for key, value in asked.items() if value}


def _cell(item: Mapping[str, Any], column: str) -> str:
    value = item["words" if column == "what" else column]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return "" if value is None else str(value)
