"""The one place that touches what Reflex does not promise; `tests/api/test_reflex_adapter.py` holds it to its word.

Reflex is pinned exactly. What is private here: the registry of event handlers, the cookie inside the router data, and
the names of Reflex's own events.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp

INTERNAL = frozenset(
    {
        ("reflex.state", "State.hydrate"),
        ("reflex.state", "State.hydrate_and_load"),
        ("reflex.state", "State.set_is_hydrated"),
        ("reflex.state", "OnLoadInternalState.on_load_internal"),
        ("reflex.state", "OnLoadInternalState.set_is_hydrated"),
        ("reflex.state", "UpdateVarsInternalState.update_vars_internal"),
        ("reflex.state", "FrontendEventExceptionState.handle_frontend_exception"),
    }
)
"""Reflex's own events that a page cannot do without. `setvar`, which every State has, is not among them."""

Handler = Callable[..., Any]


class Resources(Protocol):
    """An async context manager that is entered when the server starts."""

    def __call__(self) -> Any: ...


def handlers() -> Mapping[str, Handler]:
    """Every registered event handler by its full name, ours and Reflex's."""
    registered = RegistrationContext.get().event_handlers
    return {name: entry.handler.fn for name, entry in registered.items()}


def handler_of(event_name: str) -> Handler | None:
    entry = RegistrationContext.get().event_handlers.get(event_name)
    return entry.handler.fn if entry else None


def is_internal(handler: Handler) -> bool:
    return (handler.__module__, handler.__qualname__) in INTERNAL


def is_reflex(handler: Handler) -> bool:
    return handler.__module__.partition(".")[0] in {"reflex", "reflex_base"}


def cookies_of(state: BaseState) -> str:
    """The Cookie header of the socket's handshake; it never goes back to the browser."""
    return str(state.router.headers.cookie)


def refusal() -> StateUpdate:
    """Ends an event without an effect."""
    return StateUpdate(delta={})


def to_log_in() -> StateUpdate:
    return StateUpdate(delta={}, events=Event.from_event_type(rx.redirect("/login")))


def serve(app: rx.App, resources: Resources) -> ASGIApp:
    """The Reflex application as ASGI, with `resources` open from the server's start to its end."""
    app.register_lifespan_task(resources)
    served: ASGIApp = app()
    return served
