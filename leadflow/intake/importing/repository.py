"""Loads and saves imports, their files and their rejects."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel import col, select

from leadflow.intake.importing.errors import ImportNotFound, ImportNotReady, TakenOver
from leadflow.intake.tables import LeadImport
from leadflow.kernel.work import Work

_ADD_PART = text("""
    INSERT INTO import_part (organization_id, import_id, part, content)
    SELECT organization_id, id, :part, :content FROM lead_import
    WHERE organization_id = :organization_id AND id = :id AND state = 'uploading'
""")
_PART = text("""
    SELECT content FROM import_part WHERE organization_id = :organization_id AND import_id = :id AND part = :part
""")
_ADVANCE = text("""
    UPDATE lead_import SET position = :end, line = :line, rows_done = rows_done + :rows, created = created + :created,
        joined = joined + :joined, rejected = rejected + :rejected, advanced_at = :at
    WHERE organization_id = :organization_id AND id = :id AND position = :begin AND state = 'running'
""")
_ADD_REJECTS = text("""
    INSERT INTO import_reject (organization_id, import_id, row, problem, cells)
    SELECT :organization_id, :id, r.row, r.problem, r.cells
    FROM json_to_recordset(CAST(:rejects AS json)) AS r (row bigint, problem text, cells jsonb)
""")
_REJECTS = text("""
    SELECT row, problem, cells FROM import_reject
    WHERE organization_id = :organization_id AND import_id = :id AND row > :after ORDER BY row LIMIT :limit
""")
_DELETE_FILE = text("DELETE FROM import_part WHERE organization_id = :organization_id AND import_id = :id")
_DELETE_REJECTS = text("DELETE FROM import_reject WHERE organization_id = :organization_id AND import_id = :id")
_DELETE = text("DELETE FROM lead_import WHERE organization_id = :organization_id AND id = :id")


def _key(work: Work, import_id: UUID) -> dict[str, Any]:
    return {"organization_id": work.organization_id, "id": import_id}


async def find(work: Work, import_id: UUID, *, lock: bool = False) -> LeadImport | None:
    query = select(LeadImport).where(
        col(LeadImport.organization_id) == work.organization_id, col(LeadImport.id) == import_id
    )
    return (await work.session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


async def get(work: Work, import_id: UUID, *, lock: bool = False) -> LeadImport:
    """The import, if it is this organization's.

    Raises:
        ImportNotFound: there is none, or it is somebody else's; the two look the same.

    """
    found = await find(work, import_id, lock=lock)
    if found is None:
        raise ImportNotFound
    return found


async def add_part(work: Work, import_id: UUID, number: int, content: bytes) -> None:
    """Raises ImportNotReady when the import no longer takes parts: it was forgotten, or uploaded anew."""
    done = await work.session.execute(_ADD_PART, {**_key(work, import_id), "part": number, "content": content})
    if done.rowcount == 0:  # type: ignore[attr-defined]  # an INSERT has a row count
        raise ImportNotReady("This upload was given up meanwhile. Send the file again.")


async def part(work: Work, import_id: UUID, number: int) -> bytes:
    found = (await work.session.execute(_PART, {**_key(work, import_id), "part": number})).scalar_one_or_none()
    return bytes(found) if found is not None else b""


async def advance(work: Work, import_id: UUID, begin: int, moved: Mapping[str, Any]) -> None:
    """Move the import over a chunk that began at `begin`.

    Raises:
        TakenOver: it no longer stands there, so somebody else has captured this chunk.

    """
    done = await work.session.execute(
        _ADVANCE, {**_key(work, import_id), "begin": begin, "at": work.clock.now(), **moved}
    )
    if done.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE has a row count
        raise TakenOver("The import has moved on without this run.")


async def add_rejects(work: Work, import_id: UUID, rejects: Sequence[tuple[int, str, Sequence[str]]]) -> None:
    rows = [{"row": row, "problem": problem, "cells": cells} for row, problem, cells in rejects]
    if rows:
        await work.session.execute(_ADD_REJECTS, {**_key(work, import_id), "rejects": orjson.dumps(rows).decode()})


async def rejects(work: Work, import_id: UUID, after: int, limit: int) -> list[tuple[int, str, list[str]]]:
    """The next rows that stayed out, in the order of the file."""
    rows = await work.session.execute(_REJECTS, {**_key(work, import_id), "after": after, "limit": limit})
    return [(row, problem, cells) for row, problem, cells in rows]


async def delete_file(work: Work, import_id: UUID) -> None:
    await work.session.execute(_DELETE_FILE, _key(work, import_id))


async def delete_rejects(work: Work, import_id: UUID) -> None:
    await work.session.execute(_DELETE_REJECTS, _key(work, import_id))


async def delete(work: Work, import_id: UUID) -> None:
    await work.session.execute(_DELETE, _key(work, import_id))
