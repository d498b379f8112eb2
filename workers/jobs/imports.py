"""Imports files, a slice at a time, and forgets them."""

from uuid import UUID

from leadflow.infra.jobs import JobRun
from leadflow.intake import importing


async def run_import(run: JobRun) -> None:
    """Import for a while; the next slice is a job of its own, so that a long file is no long job."""
    import_id = UUID(str(run.job.payload["import_id"]))
    if run.job.payload.get("is_rescue"):
        async with run.app.work(run.scope) as work:
            if not await importing.is_abandoned(work, import_id):
                return
    is_whole = await importing.run_import(run.app, run.scope, import_id)
    async with run.finish() as work:
        await importing.conclude(work, import_id, is_whole=is_whole)


async def forget(run: JobRun) -> None:
    async with run.finish() as work:
        await importing.forget(work, UUID(str(run.job.payload["import_id"])))


HANDLERS = {importing.RUN: run_import, importing.FORGET: forget}
