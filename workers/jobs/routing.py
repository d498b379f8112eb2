"""Has waiting leads looked at again."""

from leadflow.infra.jobs import JobRun
from leadflow.routing import projection
from leadflow.routing.jobs import RESUME, STRIKE


async def resume(run: JobRun) -> None:
    """Through the log, as everything that routing decides: one reader per organization, in order."""
    async with run.finish() as work:
        projection.ask_again(work)


async def strike(run: JobRun) -> None:
    """Something is due: a reminder, or a lead that nobody has got in touch with."""
    async with run.finish() as work:
        projection.strike(work)


HANDLERS = {RESUME: resume, STRIKE: strike}
