"""Background work that scoring asks for."""

from datetime import datetime
from uuid import UUID

from leadflow.kernel.jobs import Job

RELEASE_BANDS = "scoring.release_bands"
SETTLE_BANDS = "scoring.settle_bands"


def release_at(at: datetime) -> Job:
    """Let go of held bands when the first of them ends: one job for an organization, moved by the earliest moment."""
    return Job(RELEASE_BANDS, {}, dedupe_key="held", run_at=at)


def settle_at(lead: UUID, at: datetime) -> Job:
    """Look again at a lead that has fallen, when it has been in its band for the dwell time."""
    return Job(SETTLE_BANDS, {"lead": str(lead)}, dedupe_key=str(lead), run_at=at)
