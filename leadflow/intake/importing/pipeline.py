"""Several chunks at a time, each in a transaction of its own.

Order is kept where it decides. Chunks are loaded one after the other, so that the log has their events in the order of
the file; a chunk claims its identities after the one before it has, so that the first row about a person makes the
lead; it touches leads that exist, and moves the import forward, after the one before it has committed, so that the
import always stands between two chunks. No chunk waits for one before it while it holds what that one could want.
"""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from leadflow.intake.importing import repository, rules
from leadflow.intake.importing.chunks import Chunk
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.leads import bulk
from leadflow.leads.bulk import Staged

IN_FLIGHT = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What the next chunk waits for."""

    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    claimed: asyncio.Event = field(default_factory=asyncio.Event)
    committed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Ready:
    """A chunk, read and staged."""

    chunk: Chunk
    staged: Staged


class Pipeline:
    """Carries chunks of one import into the database."""

    def __init__(self, app: OpensWork, scope: Scope, import_id: UUID, moved: Callable[[Chunk], None]) -> None:
        self._app = app
        self._scope = scope
        self._import_id = import_id
        self._report = moved
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._last: deque[Staged] = deque(maxlen=IN_FLIGHT)

    async def run(self, chunks: Iterator[Chunk], is_over: Callable[[], bool]) -> bool:
        """Carry chunks until there are none (True), or until `is_over` says so (False).

        Raises:
            TakenOver: somebody else moved the import; whatever was not committed here is there already.

        """
        before = Turn()
        for event in (before.loaded, before.claimed, before.committed):
            event.set()
        try:
            async with asyncio.TaskGroup() as carriers:
                while not is_over():
                    ready = await asyncio.to_thread(self._next, chunks)
                    if ready is None:
                        return True
                    await self._slots.acquire()
                    mine = Turn()
                    carriers.create_task(self._carry(ready, before, mine))
                    before = mine
        except BaseExceptionGroup as group:
            raise _first(group) from group
        return False

    def _next(self, chunks: Iterator[Chunk]) -> Ready | None:
        with _uncollected():
            chunk = next(chunks, None)
            if chunk is None:
                return None
            staged = bulk.stage(chunk.rows, list(self._last))
        self._last.append(staged)
        return Ready(chunk, staged)

    async def _carry(self, ready: Ready, before: Turn, mine: Turn) -> None:
        async with self._app.work(self._scope) as work:
            await self._capture(work, ready, before, mine)
        mine.committed.set()
        self._slots.release()
        self._report(ready.chunk)

    async def _capture(self, work: Work, ready: Ready, before: Turn, mine: Turn) -> None:
        chunk, staged = ready.chunk, ready.staged
        await before.loaded.wait()
        await bulk.load(work, staged)
        mine.loaded.set()
        await before.claimed.wait()
        await bulk.claim(work, staged)
        mine.claimed.set()
        created = await bulk.write(work, staged)
        rejects = [(reject.row, rules.sentence(reject.problems), reject.cells) for reject in chunk.rejects]
        await repository.add_rejects(work, self._import_id, rejects)
        await before.committed.wait()
        created += await bulk.complete(work, staged)
        await self._move(work, chunk, created)

    async def _move(self, work: Work, chunk: Chunk, created: int) -> None:
        moved = {
            "end": chunk.end,
            "line": chunk.line,
            "rows": len(chunk.rows) + len(chunk.rejects),
            "created": created,
            "joined": len(chunk.rows) - created,
            "rejected": len(chunk.rejects),
        }
        await repository.advance(work, self._import_id, chunk.begin, moved)
        work.record(Event("import.advanced", data={"import_id": str(self._import_id), **moved}))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows are many and make no cycles: looking for some takes a seventh of the time of reading (measured)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The failure that the others followed from."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
