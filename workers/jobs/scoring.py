"""Bands that end by themselves."""

from leadflow.infra.jobs import JobRun, takes_several
from leadflow.scoring import projection
from leadflow.scoring.jobs import RELEASE_BANDS, SETTLE_BANDS
from leadflow.scoring.overrides import service as overrides


async def release_bands(run: JobRun) -> None:
    """The time for which somebody held a lead in a band is up."""
    async with run.finish() as work:
        await overrides.expire(work)


@takes_several
async def settle_bands(run: JobRun) -> None:
    """Through the log, as everything that scoring decides: the same log gives the same bands."""
    async with run.finish() as work:
        projection.dwelt(work, [str(job.payload["lead"]) for job in run.jobs])


HANDLERS = {RELEASE_BANDS: release_bands, SETTLE_BANDS: settle_bands}
