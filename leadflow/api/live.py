"""The live feed's door: `/api/live`. Session and origin have been checked by the guard."""

import asyncio
from collections.abc import Awaitable

from fastapi import APIRouter
from starlette.types import Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from leadflow.api.deps import SEND, door_of, principal_of, requires
from leadflow.kernel.permissions import Permission

ROUTER = APIRouter()


class Socket:
    """A WebSocket as the hub knows it: the other side's going is a ConnectionError."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._send: Send = socket.scope[SEND]
        self._listening: asyncio.Future[str] | None = None
        self._is_closing = False
        self._closed = asyncio.Event()

    def send_text(self, text: str) -> Awaitable[None]:
        """The server's own answer: each wrapper around it would cost as much as the delivery."""
        return self._send({"type": "websocket.send", "text": text})

    async def receive_text(self) -> str:
        self._listening = asyncio.ensure_future(self._socket.receive_text())
        try:
            return await self._listening
        except (WebSocketDisconnect, RuntimeError, KeyError) as gone:
            raise ConnectionError("the viewer has gone") from gone
        except asyncio.CancelledError:
            if not self._is_closing:
                raise
            await self._closed.wait()  # whoever serves this socket ends it by returning, and not before
            raise ConnectionError("the socket was closed") from None

    async def close(self, code: int, reason: str) -> None:
        """The server sends no goodbye as long as somebody listens for what comes next."""
        if self._socket.application_state is not WebSocketState.CONNECTED:
            return
        self._is_closing = True
        try:
            if self._listening is not None:
                self._listening.cancel()
                await asyncio.wait([self._listening])
            await self._socket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self._closed.set()


@ROUTER.websocket("/api/live")
@requires(Permission.LEADS_READ)
async def live(socket: WebSocket) -> None:
    """Frames as described in ARCHITECTURE.md."""
    principal = principal_of(socket)
    await socket.accept()
    rights = principal.rights_version if principal.is_person else None
    await door_of(socket).hub.serve(Socket(socket), principal.scope, principal.id, rights)
