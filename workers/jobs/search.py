"""Makes what bulk capture wrote searchable."""

from leadflow.infra.jobs import JobRun
from leadflow.leads import bulk


async def index(run: JobRun) -> None:
    """A chunk per transaction, until nothing is left."""
    is_more = True
    while is_more:
        async with run.app.work(run.scope) as work:
            is_more = await bulk.index_backlog(work)


HANDLERS = {bulk.INDEX: index}
