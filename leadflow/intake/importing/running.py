"""Runs a committed import to its end, or for a while; again from where it stands after whatever interrupted it."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog

from leadflow.intake.importing import repository
from leadflow.intake.importing.chunks import chunks
from leadflow.intake.importing.errors import ImportNotReady, TakenOver
from leadflow.intake.importing.jobs import KEPT_DONE, KEPT_UNUSED, forget_job, rescue_job, run_job
from leadflow.intake.importing.pipeline import Pipeline
from leadflow.intake.importing.stored import StoredSource
from leadflow.intake.importing.views import plan_of
from leadflow.intake.tables import LeadImport
from leadflow.kernel.errors import Transient
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import OpensWork, Work

log = structlog.get_logger(__name__)

Report = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""

SLICE_S = 20.0
IDLE = timedelta(seconds=60)
_TRIES = 5
"""A chunk that collides with other writers is rolled back whole, and read again."""


async def run_import(
    app: OpensWork, scope: Scope, import_id: UUID, *, seconds: float = SLICE_S, report: Report | None = None
) -> bool:
    """Import for at most `seconds`; True when no row is left. Call `conclude` with the answer.

    Raises:
        ImportNotFound: it is not there, or not ours.
        ImportNotReady: nobody has committed it.
        TakenOver: another run of it is at work.

    """
    scope.require(Permission.LEADS_IMPORT)
    ends = time.monotonic() + seconds
    for attempt in range(1, _TRIES):
        try:
            return await _run(app, scope, import_id, ends, report)
        except TakenOver:
            raise
        except Transient:
            log.info("import.chunk_repeated", import_id=str(import_id), attempt=attempt)
            await asyncio.sleep(0.05 * attempt)
    return await _run(app, scope, import_id, ends, report)


async def _run(app: OpensWork, scope: Scope, import_id: UUID, ends: float, report: Report | None) -> bool:
    async with app.work(scope) as work:
        found = await _start(work, import_id)
        plan = plan_of(found, found.mapping, from_start=False)
    if found.state == "done":
        return True
    done = found.rows_done

    def moved(rows: int) -> None:
        nonlocal done
        done += rows
        if report:
            report(done, found.row_count)

    importer = scope.acting_as(Actor(ActorKind(found.actor_kind), found.actor_id))
    pipeline = Pipeline(app, importer, import_id, lambda chunk: moved(len(chunk.rows) + len(chunk.rejects)))
    source = StoredSource(app, scope, import_id)
    return await pipeline.run(chunks(source, plan), lambda: time.monotonic() > ends)


async def _start(work: Work, import_id: UUID) -> LeadImport:
    found = await repository.get(work, import_id, lock=True)
    if found.state == "queued":
        found.state, found.started_at = "running", work.clock.now()
        await work.session.flush()
    elif found.state not in {"running", "done"}:
        raise ImportNotReady("Say which column is which field first.")
    return found


async def conclude(work: Work, import_id: UUID, *, is_whole: bool) -> None:
    """Close a finished import and forget its file; ask for the next slice of an unfinished one."""
    work.scope.require(Permission.LEADS_IMPORT)
    found = await repository.get(work, import_id, lock=True)
    if not is_whole:
        work.enqueue(run_job(import_id))
    elif found.state != "done":
        now = work.clock.now()
        found.state, found.finished_at, found.row_count = "done", now, found.rows_done
        await repository.delete_file(work, import_id)
        work.enqueue(forget_job(import_id, now + KEPT_DONE))
        counts = {"created": found.created, "joined": found.joined, "rejected": found.rejected}
        importer = str(found.actor_id) if found.actor_kind == ActorKind.PERSON and found.actor_id else None
        told = {"import_id": str(import_id), "filename": found.filename, "by": importer}
        work.record(Event("import.finished", data={**told, **counts}))


async def is_abandoned(work: Work, import_id: UUID) -> bool:
    """Whether whoever ran an import in a process of their own is gone; if not, look again in a minute."""
    found = await repository.get(work, import_id)
    now = work.clock.now()
    if found.state not in {"queued", "running"} or (found.advanced_at or found.created_at) < now - IDLE:
        return True
    work.enqueue(rescue_job(import_id, now + IDLE))
    return False


async def forget(work: Work, import_id: UUID) -> None:
    """Delete what nobody will ask for again: files that were never imported, rejects that were kept long enough."""
    work.scope.require(Permission.LEADS_IMPORT)
    found = await repository.find(work, import_id, lock=True)
    if found is None:
        return
    now = work.clock.now()
    if found.state in {"queued", "running"}:
        work.enqueue(forget_job(import_id, now + KEPT_UNUSED))
    elif found.finished_at is None:
        await repository.delete(work, import_id)
    elif found.finished_at <= now - KEPT_DONE:
        await repository.delete_file(work, import_id)
        await repository.delete_rejects(work, import_id)
