"""Notifications that are forgotten."""

from leadflow import notifications
from leadflow.infra.jobs import JobRun
from leadflow.notifications.jobs import TIDY


async def tidy(run: JobRun) -> None:
    """What is forgotten and the end of the job are written together."""
    async with run.finish() as work:
        await notifications.tidy(work)


HANDLERS = {TIDY: tidy}
