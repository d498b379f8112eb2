"""Reminders that are due, and deleted tasks that are forgotten."""

from leadflow import tasks
from leadflow.infra.jobs import JobRun
from leadflow.tasks.jobs import TICK


async def tick(run: JobRun) -> None:
    """What is shown and the end of the job are written together: run again, nobody is reminded twice."""
    async with run.finish() as work:
        await tasks.tick(work)


HANDLERS = {TICK: tick}
