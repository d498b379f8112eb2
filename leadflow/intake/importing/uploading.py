"""Takes a file in: piece by piece into the database, so that any worker can read it and a crash loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from leadflow.intake.importing import repository
from leadflow.intake.importing.encodings import Detector
from leadflow.intake.importing.errors import FileTooLarge, ImportNotReady, UnreadableFile
from leadflow.intake.importing.jobs import KEPT_UNUSED, forget_job
from leadflow.intake.importing.layout import Layout, layout_of
from leadflow.intake.importing.limits import MAX_BYTES, MAX_ROWS, PART_BYTES, SAMPLE_BYTES
from leadflow.intake.importing.records import Records
from leadflow.intake.importing.source import blocks
from leadflow.intake.importing.stored import StoredSource
from leadflow.intake.importing.views import Description, describe, encoding_of
from leadflow.intake.tables import LeadImport
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork

_GIVEN_UP_AFTER = timedelta(minutes=10)


async def upload(
    app: OpensWork,
    scope: Scope,
    body: AsyncIterator[bytes],
    *,
    filename: str = "",
    declared: str = "",
    import_id: UUID | None = None,
) -> Description:
    """Store a file and say what it looks like. With the `import_id` of an earlier upload, its answer again.

    Raises:
        UnreadableFile: there is no table in it, or it is not in the encoding it was `declared` to be in.
        FileTooLarge: it is larger than what can be imported in one go.
        ImportNotReady: an upload with this id is going on.

    """
    scope.require(Permission.LEADS_IMPORT)
    own_id = import_id or new_id()
    if import_id and (known := await _known(app, scope, own_id)):
        return known
    await _open(app, scope, own_id, filename)
    try:
        return await _take(app, scope, own_id, body, declared)
    except Exception:
        async with app.work(scope) as work:
            await repository.delete(work, own_id)
        raise


async def _known(app: OpensWork, scope: Scope, import_id: UUID) -> Description | None:
    async with app.work(scope) as work:
        found = await repository.find(work, import_id)
        if found is None:
            return None
        if found.state != "uploading":
            sample = (await repository.part(work, import_id, 0))[:SAMPLE_BYTES]
            return describe(found, layout_of(sample, encoding_of(found)) if sample else _without_samples(found))
        if found.created_at > work.clock.now() - _GIVEN_UP_AFTER:
            raise ImportNotReady("This file is being uploaded already.")
        await repository.delete(work, import_id)
    return None


def _without_samples(found: LeadImport) -> Layout:
    """The file is imported, and gone."""
    nothing = tuple(() for _ in found.header)
    return Layout(found.delimiter, tuple(found.header), nothing, found.body_position, found.body_line)


async def _open(app: OpensWork, scope: Scope, import_id: UUID, filename: str) -> None:
    async with app.work(scope) as work:
        now = work.clock.now()
        work.session.add(
            LeadImport(
                organization_id=work.organization_id,
                id=import_id,
                filename=filename.replace("\0", "")[:255],
                actor_kind=scope.actor.kind.value,
                actor_id=scope.actor.id,
                created_at=now,
            )
        )
        work.enqueue(forget_job(import_id, now + KEPT_UNUSED))


async def _take(
    app: OpensWork, scope: Scope, import_id: UUID, body: AsyncIterator[bytes], declared: str
) -> Description:
    detector = Detector(declared)
    size, sample = 0, b""
    async for part in _parts(body):
        detector.feed(part)
        sample = sample or part[:SAMPLE_BYTES]
        async with app.work(scope) as work:
            await repository.add_part(work, import_id, size // PART_BYTES, part)
        size += len(part)
    encoding = detector.result()
    layout = await asyncio.to_thread(layout_of, sample, encoding)
    source = StoredSource(app, scope, import_id)
    opened = partial(blocks, source, encoding)
    records = Records(
        opened,
        encoding.codec_of_blocks,
        layout.delimiter,
        width=len(layout.header),
        position=layout.position,
        line=layout.line,
    )
    rows = await asyncio.to_thread(_count, records)
    async with app.work(scope) as work:
        found = await repository.get(work, import_id, lock=True)
        found.size, found.encoding, found.bom = size, encoding.codec, encoding.bom
        _note(found, layout, rows)
        if encoding.warning:
            layout.warnings.append(encoding.warning)
        return describe(found, layout)


async def _parts(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size, held = 0, bytearray()
    async for piece in body:
        size += len(piece)
        if size > MAX_BYTES:
            raise FileTooLarge(f"At most {MAX_BYTES // 1024 // 1024} MB can be imported in one file: split it.")
        held += piece
        while len(held) >= PART_BYTES:
            yield bytes(held[:PART_BYTES])
            del held[:PART_BYTES]
    if held or not size:
        yield bytes(held)


def _count(records: Records) -> int:
    """How many rows there are, as an import would count them."""
    rows = sum(1 for _ in records)
    if rows > MAX_ROWS:
        raise UnreadableFile(f"The file has {rows:,} rows; at most {MAX_ROWS:,} can be imported in one file: split it.")
    return rows


def _note(found: LeadImport, layout: Layout, rows: int) -> None:
    found.state = "uploaded"
    found.delimiter, found.header = layout.delimiter, list(layout.header)
    found.position = found.body_position = layout.position
    found.line = found.body_line = layout.line
    found.row_count = rows
