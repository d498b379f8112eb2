"""Imports a file of this machine in this process: what `leadflow import` does."""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from leadflow.intake.importing import repository
from leadflow.intake.importing.chunks import Plan
from leadflow.intake.importing.encodings import Detector
from leadflow.intake.importing.jobs import rescue_job
from leadflow.intake.importing.layout import layout_of
from leadflow.intake.importing.limits import PART_BYTES, SAMPLE_BYTES
from leadflow.intake.importing.mapping import columns_of, suggest
from leadflow.intake.importing.running import IDLE, Report, conclude, run_import
from leadflow.intake.importing.service import Forecast, commit, forecast
from leadflow.intake.importing.source import DiskSource
from leadflow.intake.importing.uploading import upload
from leadflow.kernel.clock import Clock
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork
from leadflow.leads import bulk

_FOREVER_S = timedelta(days=365).total_seconds()


class Application(OpensWork, Protocol):
    """Opens units of work, and knows the time."""

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How an import ended."""

    id: UUID
    rows: int
    created: int
    joined: int
    rejected: int
    seconds: float
    encoding: str
    delimiter: str
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        rate = self.rows / self.seconds if self.seconds else 0.0
        return (
            f"{self.rows:,} rows in {self.seconds:.1f} s ({rate:,.0f} rows/s): {self.created:,} new leads, "
            f"{self.joined:,} joined to leads that were there, {self.rejected:,} left out."
        )


async def import_file(
    app: Application,
    scope: Scope,
    path: Path,
    mapping: Mapping[str, str | None] | None = None,
    on_progress: Report | None = None,
) -> ImportSummary:
    """Import a file to its end. Columns are matched by their names where `mapping` does not say otherwise.

    The file is stored first, so that a worker takes over when this process is killed.

    Raises:
        UnreadableFile: there is no table in it.
        Invalid: the mapping is impossible.

    """
    described = await upload(app, scope, _pieces(path), filename=path.name)
    started = time.monotonic()
    async with app.work(scope) as work:
        rescue = rescue_job(described.id, app.clock.now() + IDLE)
        await commit(work, described.id, {**described.suggested, **(mapping or {})}, job=rescue)
    await run_import(app, scope, described.id, seconds=_FOREVER_S, report=on_progress)
    async with app.work(scope) as work:
        await conclude(work, described.id, is_whole=True)
    await _make_searchable(app, scope)
    async with app.work(scope) as work:
        found = await repository.get(work, described.id)
    return ImportSummary(
        id=found.id,
        rows=found.rows_done,
        created=found.created,
        joined=found.joined,
        rejected=found.rejected,
        seconds=time.monotonic() - started,
        encoding=described.encoding,
        delimiter=described.delimiter,
        warnings=tuple(described.warnings),
    )


async def examine_file(
    app: Application, scope: Scope, path: Path, mapping: Mapping[str, str | None] | None = None
) -> Forecast:
    """What importing the file would do; nothing is stored. Raises as `import_file` does."""
    detector = Detector()
    sample = b""
    async for piece in _pieces(path):
        detector.feed(piece)
        sample = sample or piece[:SAMPLE_BYTES]
    encoding = detector.result()
    layout = layout_of(sample, encoding)
    columns = columns_of(layout.header, {**suggest(layout.header), **(mapping or {})})
    plan = Plan(encoding, layout.delimiter, columns, layout.position, layout.line)
    return await forecast(app, scope, DiskSource(path), plan)


async def _make_searchable(app: Application, scope: Scope) -> None:
    is_more = True
    while is_more:
        async with app.work(scope) as work:
            is_more = await bulk.index_backlog(work)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """A local file's bytes; reading them blocks for less than a millisecond a piece."""
    with path.open("rb") as file:
        while piece := file.read(PART_BYTES):
            yield piece
