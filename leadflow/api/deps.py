"""What a route is handed, and the permission that it has to name."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope as Connection

from leadflow.api import idempotency
from leadflow.api.body import JsonRoute
from leadflow.api.door import Door
from leadflow.api.idempotency import Answer, Effect
from leadflow.api.principal import Principal
from leadflow.kernel.errors import Forbidden, Unauthenticated
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work

PRINCIPAL = "leadflow.principal"
SEND = "leadflow.send"
"""The server's own send, before anybody has wrapped it: the live feed sends to a thousand sockets at once."""
API_V1 = "/api/v1"
"""Where the shelf of routers stands."""
SIGNED_IN = "signed in"
"""For what everybody who came in may see: who they are, and how the API is used."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[Endpoint], Endpoint]:
    """Names the permission of a route. A route of /api without one does not start."""
    return _marked(permission)


def signed_in(endpoint: Endpoint) -> Endpoint:
    """Marks a route that asks for no more than a principal."""
    return _marked(SIGNED_IN)(endpoint)


def _marked(rule: str) -> Callable[[Endpoint], Endpoint]:
    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["requires"] = rule
        return endpoint

    return mark


def rule_of(endpoint: Callable[..., Any]) -> str | None:
    """The permission that a route names; None when somebody forgot."""
    rule: str | None = getattr(endpoint, "requires", None)
    return rule


async def enforce(connection: HTTPConnection) -> None:
    """Runs before every route of /api, whoever wrote it."""
    principal = principal_of(connection)
    rule = rule_of(connection.scope["endpoint"])
    if rule is None:
        raise Forbidden("This route names no permission.")
    if rule != SIGNED_IN:
        principal.scope.require(rule)


def principal_of(connection: HTTPConnection) -> Principal:
    principal: Principal | None = connection.scope.get(PRINCIPAL)
    if principal is None:
        raise Unauthenticated
    return principal


def door_of(connection: HTTPConnection) -> Door:
    door: Door = connection.app.state.door
    return door


@dataclass(frozen=True, slots=True)
class Call:
    """One request of somebody known: who asks, and the application that answers."""

    request: Request
    door: Door
    principal: Principal

    @property
    def scope(self) -> Scope:
        return self.principal.scope

    def work(self) -> AbstractAsyncContextManager[Work]:
        """A unit of work in the caller's name."""
        return self.door.app.work(self.principal.scope)

    def reading(self) -> AbstractAsyncContextManager[Work]:
        """The same for what only reads, in fewer round trips."""
        return self.door.app.reading(self.principal.scope)

    def rights_changed(self) -> None:
        """From the next request on this process goes by the new rights; others hear of them by the commit's ring."""
        self.door.principals.forget_organization(self.scope.organization_id)

    async def once(self, effect: Effect) -> Response:
        """Do something and answer; with an Idempotency-Key, do it once and answer the same again."""
        return await idempotency.once(self.request, self.door.app, self.principal, effect)


async def _call(request: Request) -> Call:
    return Call(request, door_of(request), principal_of(request))


Calling = Annotated[Call, Depends(_call)]


class NounRouter(APIRouter):
    """Goes through its routes for addresses of its noun alone: there are many nouns, and each request is for one."""

    def matches(self, scope: Connection) -> tuple[Match, Connection]:
        is_ours = scope["path"].startswith(f"{API_V1}{self.prefix}")
        return super().matches(scope) if is_ours else (Match.NONE, {})


def router(noun: str) -> APIRouter:
    """A router of one plural noun, whose bodies are JSON."""
    return NounRouter(prefix=f"/{noun}", tags=[noun], route_class=JsonRoute)


def answer(body: object, status: int = 200) -> Response:
    """JSON without detours: rows as they came from the database."""
    return Response(orjson.dumps(body), status, media_type="application/json")


__all__ = ["Answer", "Call", "Calling", "answer", "requires", "router", "signed_in"]
