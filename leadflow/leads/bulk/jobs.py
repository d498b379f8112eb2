"""Background work that bulk capture asks for."""

from leadflow.kernel.jobs import Job, Queue

INDEX = "leads.index"


def index_job() -> Job:
    """Make noted words searchable; one waiting job is enough for whatever has been noted until it runs."""
    return Job(INDEX, {}, dedupe_key="backlog", queue=Queue.SYNC)
