"""Background work that leads ask for."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from uuid import UUID

from leadflow.kernel.jobs import Job

ENRICH = "enrichment.enrich"
ENRICH_BATCH = 200


def enrich_jobs(lead_ids: Sequence[UUID | str]) -> Iterator[Job]:
    """Ask for facts about leads, a batch per job, so that a large import is a few hundred jobs and not a million."""
    unique = list(dict.fromkeys(lead_ids))
    for start in range(0, len(unique), ENRICH_BATCH):
        batch = unique[start : start + ENRICH_BATCH]
        names = [str(lead_id) for lead_id in batch]
        yield Job(ENRICH, {"lead_ids": [*names]}, dedupe_key=_key(names))


def _key(names: Sequence[str]) -> str:
    """The same leads are the same job; a batch that shares some of them is not."""
    return names[0] if len(names) == 1 else blake2b(",".join(names).encode(), digest_size=16).hexdigest()
