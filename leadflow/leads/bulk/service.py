"""Capturing staged chunks, side by side.

In one transaction: `load`, then `claim` in the order of the chunks, then `write`, then `complete` once every chunk
before has committed. `index_backlog` makes them searchable afterwards.
"""

from collections.abc import Iterable
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.live import MAX_NAMED_LEADS
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.leads.bulk import repository
from leadflow.leads.bulk.jobs import index_job
from leadflow.leads.bulk.rows import BulkRow
from leadflow.leads.bulk.staged import Staged
from leadflow.leads.capture import facts_of
from leadflow.leads.jobs import enrich_jobs
from leadflow.leads.rules import Identity


async def load(work: Work, staged: Staged) -> None:
    """Send a chunk ahead, before it is its turn."""
    work.scope.require(Permission.LEADS_WRITE)
    await repository.load(work, staged)


async def claim(work: Work, staged: Staged) -> None:
    """Claim the identities of a loaded chunk. Whoever wants one of them from now on waits until this commits."""
    work.scope.require(Permission.LEADS_WRITE)
    known = await repository.claim(work)
    known |= {identity: earlier.owner_of(identity) for identity, earlier in staged.inherited.items()}
    staged.inherited.clear()
    if known and (moved := staged.settle(known)):
        await repository.move(work, moved)


async def write(work: Work, staged: Staged) -> int:
    """Write the leads, events, jobs and search words of a claimed chunk, except what ties in with leads that exist.

    Returns how many leads are new. Words are noted, and become searchable through `index_backlog`: a trigram index
    costs half as much as everything else together, and nobody should wait for it to see the leads.
    """
    work.scope.require(Permission.LEADS_WRITE)
    at, gone = work.clock.now(), set(staged.gone)
    created = await repository.insert_leads(work, gone, at)
    await repository.insert_events(work, gone, at)
    await repository.note_new_words(work, gone)
    places = (staged.ids[place] for place in staged.claims.place)
    captured = [lead_id for lead_id in places if lead_id not in gone]
    for job in enrich_jobs(captured):
        work.enqueue(job)
    work.enqueue(index_job())
    work.touch(UUID(lead_id) for lead_id in captured[: MAX_NAMED_LEADS + 1])
    return created


async def complete(work: Work, staged: Staged) -> int:
    """Write the rest: rows about leads that exist, which are completed, and what came to light beside them.

    Some of these leads may come from a chunk before, which therefore has to be committed. Locks them. Returns how many
    leads are new.
    """
    work.scope.require(Permission.LEADS_WRITE)
    at, seen = work.clock.now(), set(staged.late_known)
    united: dict[UUID, BulkRow] = {}
    words: dict[UUID, str] = {}
    created: dict[UUID, BulkRow] = {}
    for lead_id, row in staged.late:
        is_new = lead_id not in seen
        seen.add(lead_id)
        if is_new:
            created[lead_id] = row
        else:
            united[lead_id] = united[lead_id].united_with(row) if lead_id in united else row
        words[lead_id] = f"{words[lead_id]} {row.words()}" if lead_id in words else row.words()
        lead = row.as_lead(lead_id, at)
        kind = "lead.captured" if is_new else "lead.joined"
        work.record(Event(kind, lead_id, facts_of(lead), occurred_at=at, source=row.source))
    if created:
        await leads.take_in(work, {}, [row.as_lead(lead_id, at) for lead_id, row in created.items()], {})
    if united:
        await repository.fill_gaps(work, united)
    if words:
        await repository.note_words(work, words)
    for job in enrich_jobs(list(words)):
        work.enqueue(job)
    return len(created)


async def owners(work: Work, identities: Iterable[Identity]) -> dict[Identity, UUID]:
    """Which of many identities are known, and whose they are."""
    work.scope.require(Permission.LEADS_READ)
    return await repository.owners(work, identities)


async def index_backlog(work: Work) -> bool:
    """Make one chunk's noted words searchable; False when nothing is left to do."""
    work.scope.require(Permission.LEADS_WRITE)
    return await repository.index_oldest(work)
