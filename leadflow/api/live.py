"""The live feed's door: `/api/live`. Session and origin have been checked by the guard."""

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

    def send_text(self, text: str) -> Awaitable[None]:
        """The server's own answer: each wrapper around it would cost as much as the delivery."""
        return self._send({"type": "websocket.send", "text": text})

    async def receive_text(self) -> str:
        try:
            return await self._socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError) as gone:
            raise ConnectionError("the viewer has gone") from gone

    async def close(self, code: int, reason: str) -> None:
        if self._socket.application_state is WebSocketState.CONNECTED:
            try:
                await self._socket.close(code, reason)
            except (WebSocketDisconnect, RuntimeError):
                return


@ROUTER.websocket("/api/live")
@requires(Permission.LEADS_READ)
async def live(socket: WebSocket) -> None:
    """Frames as described in ARCHITECTURE.md."""
    principal = principal_of(socket)
    await socket.accept()
    rights = principal.rights_version if principal.is_person else None
    await door_of(socket).hub.serve(Socket(socket), principal.scope, principal.id, rights)
