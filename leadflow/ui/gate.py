"""The gate before every Reflex event handler: what names no permission does not run."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

import structlog
from reflex.app import App
from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from starlette.requests import cookie_parser

from leadflow.api.principal import Principal, Principals
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.ui import reflex_adapter

log = structlog.get_logger(__name__)

CURRENT: ContextVar[Scope] = ContextVar("leadflow_scope")
"""Who the running event handler acts for; read it, never take identity from State or an argument."""
PUBLIC = "public"

Handler = TypeVar("Handler", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[Handler], Handler]:
    """Names the permission of an event handler; stands below `@rx.event`."""
    return _marked(permission)


def public(handler: Handler) -> Handler:
    """Marks a handler that anybody may run, logged in or not; stands below `@rx.event`."""
    return _marked(PUBLIC)(handler)


def _marked(rule: str) -> Callable[[Handler], Handler]:
    def mark(handler: Handler) -> Handler:
        handler.__dict__["requires"] = rule
        return handler

    return mark


def unmarked_handlers() -> Iterator[str]:
    """Our handlers that name no permission: each is refused at run time, and fails the architecture test."""
    for name, handler in reflex_adapter.handlers().items():
        if not reflex_adapter.is_reflex(handler) and not hasattr(handler, "requires"):
            yield name


class Gate(Middleware):
    """Deny by default. Runs while the tab's state is locked, so the principal comes from the cache nearly always."""

    def __init__(self, principals: Callable[[], Principals], cookie: str) -> None:
        self._principals = principals
        self._cookie = cookie

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        handler = reflex_adapter.handler_of(event.name)
        if handler is None:
            return reflex_adapter.refusal()
        rule: str | None = getattr(handler, "requires", None)
        principal = await self._who(state)
        if principal is not None:
            CURRENT.set(principal.scope)
        elif rule != PUBLIC:
            return reflex_adapter.to_log_in()
        if rule == PUBLIC or (principal and self._allows(handler, rule, principal)):
            return None
        log.warning("event.refused", handler=handler.__qualname__)
        return reflex_adapter.refusal()

    async def _who(self, state: BaseState) -> Principal | None:
        cookies = cookie_parser(reflex_adapter.cookies_of(state))
        return await self._principals().by_session(cookies.get(self._cookie, ""))

    def _allows(self, handler: Callable[..., Any], rule: str | None, principal: Principal) -> bool:
        if rule is None:
            return reflex_adapter.is_internal(handler)
        return principal.scope.may(rule)
