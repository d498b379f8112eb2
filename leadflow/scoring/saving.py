"""Scores of a batch, written by the database while those after them are worked out here."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from leadflow.kernel.work import Work
from leadflow.scoring import repository
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.repository import Held
from leadflow.scoring.scorer import Verdict

CHUNK: Final = 125
"""Events whose scores are stored by one statement: about 1 kB each, they fit into the socket's buffer and are off at
once.
"""


class Saving:
    """Takes scores of locked leads, each lead's once, and has the log told what was recorded meanwhile.

    To be left before the session is used for anything else. `held` are those of the leads that somebody holds.
    """

    def __init__(self, work: Work, held: Held) -> None:
        self._work = work
        self._held = held
        self._writing: asyncio.Task[object] | None = None

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
        saving = (repository.saving(self._work, verdicts, self._held), *self._work.telling())
        await self._finish()
        sent = asyncio.Event()
        self._writing = asyncio.create_task(self._work.session.execute_all(*saving, sent=sent.set))
        self._writing.add_done_callback(lambda _: sent.set())
        await sent.wait()

    async def _finish(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            await writing
