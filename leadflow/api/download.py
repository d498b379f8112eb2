"""Files that are made while they are sent."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, cast

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from leadflow.api.door import Door
from leadflow.intake.exporting import Download

STALLED_S: Final = 60.0
"""Whoever takes nothing for so long is not waited for: a file that is under way holds a connection of the database."""


class FileResponse(StreamingResponse):
    """A file in pieces, and how many leads it will have; a few at a time are made, the others wait for their turn."""

    def __init__(self, door: Door, file: Download) -> None:
        headers = {
            "content-disposition": f'attachment; filename="{file.filename}"',
            "x-leads": str(file.leads),
            "cache-control": "no-store",
        }
        super().__init__(_in_turn(door, file), headers=headers, media_type=file.media_type)

    async def stream_response(self, send: Send) -> None:
        async def patiently(message: Message) -> None:
            async with asyncio.timeout(STALLED_S):
                await send(message)

        async with aclosing(cast("AsyncGenerator[bytes, None]", self.body_iterator)):
            await super().stream_response(patiently)


async def _in_turn(door: Door, file: Download) -> AsyncGenerator[bytes, None]:
    async with door.exports, aclosing(file.pieces) as pieces:
        async for piece in pieces:
            yield piece
