"""Deleted views that are forgotten."""

from leadflow.infra.jobs import JobRun
from leadflow.views import saved
from leadflow.views.saved.jobs import FORGET


async def forget(run: JobRun) -> None:
    """Run again, there is nothing left to forget."""
    async with run.finish() as work:
        await saved.forget(work)


HANDLERS = {FORGET: forget}
