"""Capturing a staged chunk: claims, joins, leads, events and jobs in one transaction; search words right after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from leadflow.kernel.live import MAX_NAMED_LEADS
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.leads.bulk import repository, staging
from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.staging import Staged
from leadflow.leads.jobs import enrich_jobs


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows became leads, and how many told more about one."""

    created: int
    joined: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A chunk whose identities are ours or known; `merged` are the rows whose leads exist already, now complete."""

    staged: Staged
    merged: Mapping[int, UUID]

    @property
    def existing(self) -> dict[str, UUID]:
        """Which tentative leads are really leads that exist already."""
        return {self.staged.ids[number]: lead_id for number, lead_id in self.merged.items()}


async def load(work: Work, staged: Staged) -> None:
    """Send a chunk ahead, before it is its turn to be captured."""
    work.scope.require(Permission.LEADS_WRITE)
    await repository.load(work, staged)


async def claim(work: Work, staged: Staged) -> Claimed:
    """Claim the identities of a loaded chunk, and complete the leads that exist already.

    Whoever wants one of these identities or leads from now on waits until this commits; this itself waits for nobody
    any more, so whoever writes chunks side by side lets the next one claim only after this.
    """
    work.scope.require(Permission.LEADS_WRITE)
    known = await repository.claim(work)
    claimed = Claimed(staged, staging.merge(staged.claims, known) if known else {})
    if claimed.merged:
        await leads.redirect(work, {UUID(tentative): lead_id for tentative, lead_id in claimed.existing.items()})
        await _fill_gaps(work, claimed)
    return claimed


async def write(work: Work, claimed: Claimed) -> Counts:
    """Write a claimed chunk with the outcome of `leads.capture_valid`, search words excepted.

    Those are noted in the same transaction and become searchable through `index_backlog`: a trigram index costs nearly
    as much as everything else together, and can be written beside the next chunk.
    """
    work.scope.require(Permission.LEADS_WRITE)
    at, staged, merged, existing = work.clock.now(), claimed.staged, claimed.merged, claimed.existing
    created = await repository.insert_leads(work, existing, at)
    await repository.insert_events(work, existing, at)
    await repository.note_words(work, existing, _joined_words(claimed))
    captured = [str(merged[place]) if place in merged else staged.ids[place] for place in staged.claims.place]
    for job in enrich_jobs(captured):
        work.enqueue(job)
    work.touch(UUID(lead_id) for lead_id in captured[: MAX_NAMED_LEADS + 1])
    return Counts(created, len(staged.rows) - created)


async def index_backlog(work: Work) -> bool:
    """Make one chunk's noted words searchable; False when nothing is left to do."""
    work.scope.require(Permission.LEADS_WRITE)
    return await repository.index_oldest(work)


def _joining(claimed: Claimed) -> Iterator[tuple[UUID, BulkRow]]:
    for row, place in zip(claimed.staged.rows, claimed.staged.claims.place, strict=True):
        if place in claimed.merged:
            yield claimed.merged[place], row


async def _fill_gaps(work: Work, claimed: Claimed) -> None:
    united: dict[UUID, BulkRow] = {}
    for lead_id, row in _joining(claimed):
        united[lead_id] = united[lead_id].united_with(row) if lead_id in united else row
    await repository.lock(work, united)
    at = work.clock.now()
    await leads.fill_gaps(work, [row.as_lead(lead_id, at) for lead_id, row in united.items()])


def _joined_words(claimed: Claimed) -> dict[UUID, str]:
    words: dict[UUID, str] = {}
    for lead_id, row in _joining(claimed):
        words[lead_id] = f"{words[lead_id]} {row.words()}" if lead_id in words else row.words()
    return words
