"""Idempotency-Key: the same key gets the same answer, and the effect happens once.

The key's row is the first thing that the transaction writes and the answer the last, so effect and answer are stored
together or not at all. Keys belong to whoever uses them, and are kept for a day.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from leadflow.api import repository
from leadflow.api.principal import Principal
from leadflow.bootstrap import App
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.work import Work

HEADER = "idempotency-key"
LONGEST_KEY = 200
NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a use case has to say. `stored` replaces the body in the stored answer: a secret is shown only once."""

    status: int
    body: Any
    stored: Any = None


Effect = Callable[[Work], Awaitable[Answer]]


class KeyReused(Invalid):
    title = "This Idempotency-Key was used for another request"


async def once(request: Request, app: App, principal: Principal, effect: Effect) -> Response:
    """Run `effect` in a unit of work, unless this request was answered before."""
    key = request.headers.get(HEADER)
    if key is None:
        async with app.work(principal.scope) as work:
            answer = await effect(work)
        return _response(answer.status, orjson.dumps(answer.body))
    _check(key)
    name, request_hash = f"{principal.scope.actor.id}:{key}", await _hash(request)
    async with app.work(principal.scope) as work:
        known = await repository.claim_key(work, name, request_hash)
        if known is None:
            answer = await effect(work)
            kept = answer.body if answer.stored is None else answer.stored
            await repository.keep_answer(work, name, answer.status, orjson.dumps(kept).decode())
    if known is None:
        return _response(answer.status, orjson.dumps(answer.body))
    if known.request_hash != request_hash:
        raise KeyReused("Use a new key for every new request; this one belongs to a request with another content.")
    return _response(known.status, known.body.encode(), {"idempotency-replayed": "true"})


def _check(key: str) -> None:
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        message = f"Use 1 to {LONGEST_KEY} printable characters, such as a UUID."
        raise Invalid(problems=[FieldProblem("Idempotency-Key", message)])


async def _hash(request: Request) -> str:
    head = f"{request.method}\n{request.scope['path']}\n{request.scope['query_string'].decode('latin-1')}\n"
    return hashlib.sha256(head.encode() + await request.body()).hexdigest()


def _response(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(None if status in NO_BODY else body, status, headers, "application/json")
