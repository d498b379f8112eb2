"""Scores of a batch, written by the database while those after them are worked out here."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from leadflow.kernel.work import Asked, Work
from leadflow.scoring import repository
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.scorer import Verdict

CHUNK: Final = 125
"""Events whose scores are stored by one statement: about 1 kB each, they fit into the socket's buffer and are off at
once.
"""


class Saving:
    """Takes scores of the leads `ids`, each lead's once. To be left before the session is used for anything else.

    `held` are, once it has been left, those of them that somebody holds in a band.
    """

    def __init__(self, work: Work, ids: Sequence[UUID]) -> None:
        self.held: set[UUID] = set()
        self._work = work
        self._ids = ids
        self._has_locked = False
        self._writing: asyncio.Task[set[UUID]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            await self._finish()
        elif self._writing is not None:
            self._writing.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await self._writing

    async def write(self, verdicts: Mapping[UUID, tuple[LeadFeatures, Verdict]]) -> None:
        """Begin to store these; comes back when what was given before is stored, and these are on their way."""
        if not verdicts:
            return
        saving = repository.saving(self._work, verdicts)
        await self._finish()
        self._writing = asyncio.create_task(self._store(saving, list(verdicts)))
        await asyncio.sleep(0)

    async def _store(self, saving: Asked, ids: Sequence[UUID]) -> set[UUID]:
        """All leads are locked with the first, in one order: two batches wait for each other and do not embrace."""
        if self._has_locked:
            return set((await self._work.session.execute(*saving)).scalars())
        self._has_locked = True
        return await repository.write(self._work, sorted(self._ids or ids, key=repository.BY_ID), saving)

    async def _finish(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            self.held |= await writing
