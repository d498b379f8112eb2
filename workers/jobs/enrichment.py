"""Looks leads up."""

from uuid import UUID

from leadflow.enrichment import service
from leadflow.infra.jobs import JobRun, takes_several
from leadflow.leads.jobs import ENRICH


@takes_several
async def enrich(run: JobRun) -> None:
    """Read, ask the world with no transaction open, store."""
    wanted = dict.fromkeys(str(lead_id) for job in run.jobs for lead_id in job.payload["lead_ids"])  # type: ignore[union-attr]
    lead_ids = [UUID(lead_id) for lead_id in wanted]
    async with run.app.work(run.scope) as work:
        contacts = await service.contacts(work, lead_ids)
    found = await service.look_up(contacts, run.app.mx, run.app.clock.now())
    async with run.finish() as work:
        await service.store(work, found)


HANDLERS = {ENRICH: enrich}
