"""Three chunks at a time: one is read and sent, one becomes leads, one becomes searchable.

Order is kept where it decides: a chunk claims its identities and joins only after the one before it has, so that the
first row about a person makes the lead; and it moves the import forward only after the one before it did, so that the
import always stands between two chunks. No chunk waits, while it holds a lock, for one that could want that lock.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from leadflow.intake.importing import repository, rules
from leadflow.intake.importing.chunks import Chunk
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.leads import bulk
from leadflow.leads.bulk import Counts, Staged

IN_FLIGHT = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What the next chunk waits for."""

    claimed: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Ready:
    """A chunk, read and staged."""

    chunk: Chunk
    staged: Staged | None


class Pipeline:
    """Carries chunks of one import into the database."""

    def __init__(self, app: OpensWork, scope: Scope, import_id: UUID, moved: Callable[[Chunk], None]) -> None:
        self._app = app
        self._scope = scope
        self._import_id = import_id
        self._report = moved
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._indexing = asyncio.Lock()

    async def run(self, chunks: Iterator[Chunk], is_over: Callable[[], bool]) -> bool:
        """Carry chunks until there are none (True), or until `is_over` says so (False).

        Raises:
            TakenOver: somebody else moved the import; whatever was not committed here is there already.

        """
        before = Turn()
        before.claimed.set()
        before.moved.set()
        try:
            async with asyncio.TaskGroup() as carriers:
                while not is_over():
                    ready = await asyncio.to_thread(_next, chunks)
                    if ready is None:
                        return True
                    await self._slots.acquire()
                    mine = Turn()
                    carriers.create_task(self._carry(ready, before, mine))
                    before = mine
        except BaseExceptionGroup as group:
            raise _first(group) from group
        return False

    async def _carry(self, ready: Ready, before: Turn, mine: Turn) -> None:
        async with self._app.work(self._scope) as work:
            await self._capture(work, ready, before, mine)
        mine.moved.set()
        self._report(ready.chunk)
        async with self._indexing, self._app.work(self._scope) as work:
            await bulk.index_backlog(work)
        self._slots.release()

    async def _capture(self, work: Work, ready: Ready, before: Turn, mine: Turn) -> None:
        chunk, staged = ready.chunk, ready.staged
        if staged:
            await bulk.load(work, staged)
        await before.claimed.wait()
        claimed = await bulk.claim(work, staged) if staged else None
        mine.claimed.set()
        counts = await bulk.write(work, claimed) if claimed else Counts(0, 0)
        rejects = [(reject.row, rules.sentence(reject.problems), reject.cells) for reject in chunk.rejects]
        await repository.add_rejects(work, self._import_id, rejects)
        await before.moved.wait()
        await self._move(work, chunk, counts)

    async def _move(self, work: Work, chunk: Chunk, counts: Counts) -> None:
        moved = {
            "end": chunk.end,
            "line": chunk.line,
            "rows": len(chunk.rows) + len(chunk.rejects),
            "created": counts.created,
            "joined": counts.joined,
            "rejected": len(chunk.rejects),
        }
        await repository.advance(work, self._import_id, chunk.begin, moved)
        work.record(Event("import.advanced", data={"import_id": str(self._import_id), **moved}))


def _next(chunks: Iterator[Chunk]) -> Ready | None:
    chunk = next(chunks, None)
    if chunk is None:
        return None
    return Ready(chunk, bulk.stage(chunk.rows) if chunk.rows else None)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The failure that the others followed from."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
