"""A file that lies in the database, read from a thread while the event loop goes on."""

import asyncio
from uuid import UUID

from leadflow.intake.importing import repository
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork


class StoredSource:
    """Asks the loop that made it for each part, in a unit of work of its own; keeps the last one."""

    def __init__(self, app: OpensWork, scope: Scope, import_id: UUID) -> None:
        self._app = app
        self._scope = scope
        self._import_id = import_id
        self._loop = asyncio.get_running_loop()
        self._last: tuple[int, bytes] = (-1, b"")

    def part(self, number: int) -> bytes:
        if number != self._last[0]:
            asked = asyncio.run_coroutine_threadsafe(self._fetch(number), self._loop)
            self._last = number, asked.result()
        return self._last[1]

    async def _fetch(self, number: int) -> bytes:
        async with self._app.work(self._scope) as work:
            return await repository.part(work, self._import_id, number)
