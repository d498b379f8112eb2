"""Request bodies: never larger than the address allows, JSON where JSON is due, and no NUL inside."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import orjson
from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import JsonValue
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Message, Receive

from leadflow.api.errors import NO_NUL, UnreadableBody
from leadflow.kernel.errors import FieldProblem


class BodyTooLarge(HTTPException):
    """Raised while the body is read; the guard answers when nobody else does."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // 1024 // 1024} MB" if limit >= 1024 * 1024 else f"{limit // 1024} kB"
        super().__init__(413, f"At most {size} can be sent to this address in one request.", {"connection": "close"})


def limited(receive: Receive, limit: int) -> Receive:
    """Counts what comes in, whatever the Content-Length header claimed."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge(limit)
        return message

    return counted


def nul_places(value: JsonValue, place: str = "") -> Iterator[str]:
    """Where in a JSON document the character NUL is, which PostgreSQL cannot store."""
    match value:
        case str() if "\x00" in value:
            yield place
        case list():
            for index, each in enumerate(value):
                yield from nul_places(each, f"{place}.{index}" if place else str(index))
        case dict():
            for key, each in value.items():
                name = key.replace("\x00", "")
                inside = f"{place}.{name}" if place else name
                if name != key:
                    yield inside
                yield from nul_places(each, inside)


async def read_json(request: Request) -> JsonValue:
    """The document as it is: for a caller who judges each part for itself.

    Raises:
        HTTPException: it is not declared to be JSON.
        orjson.JSONDecodeError: it is none.
    """
    if not _is_json(request.headers.get("content-type", "")):
        raise HTTPException(415)
    document: JsonValue = orjson.loads(await request.body())
    return document


class JsonRequest(Request):
    """Reads JSON quickly and strictly."""

    async def json(self) -> JsonValue:
        document = await read_json(self)
        if b"\\u0000" in await self.body():
            places = list(nul_places(document))
            if places:
                raise UnreadableBody([FieldProblem(place, NO_NUL) for place in places[:20]])
        return document


class JsonRoute(APIRoute):
    """A route whose body, if it takes one, is JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            json_request = JsonRequest(request.scope, request.receive)
            if takes_body and not _is_json(request.headers.get("content-type", "")) and await json_request.body():
                raise HTTPException(415)
            return await handle(json_request)

        return strict


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
