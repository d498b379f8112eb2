"""Background work that leads ask for."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from leadflow.kernel.jobs import Job

ENRICH = "enrichment.enrich"
ENRICH_BATCH = 200


def enrich_jobs(lead_ids: Sequence[UUID | str]) -> Iterator[Job]:
    """Ask for facts about leads, a batch per job, so that a large import is a few hundred jobs and not a million."""
    unique = list(dict.fromkeys(lead_ids))
    for start in range(0, len(unique), ENRICH_BATCH):
        batch = unique[start : start + ENRICH_BATCH]
        yield Job(ENRICH, {"lead_ids": [str(lead_id) for lead_id in batch]}, dedupe_key=f"{batch[0]}:{len(batch)}")
