"""The gate before every Reflex event handler, driven through Reflex's own event processor."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar

import pytest
import reflex as rx
from reflex_base.event import Event
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext

from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.ui import reflex_adapter
from leadflow.ui.gate import CURRENT, Gate, public, requires, unmarked_handlers
from tests.api.conftest import Opens, Site
from tests.fixtures.cast import Member


class Seen:
    """What handlers did, as whom."""

    scopes: ClassVar[list[tuple[str, Scope | None]]] = []


def guarded() -> type[rx.State]:
    class Guarded(rx.State):
        @rx.event
        @requires(Permission.KEYS_MANAGE)
        def manage(self) -> None:
            Seen.scopes.append(("manage", CURRENT.get(None)))

        @rx.event
        @requires(Permission.LEADS_READ)
        def look(self) -> None:
            Seen.scopes.append(("look", CURRENT.get(None)))

        @rx.event
        @public
        def greet(self) -> None:
            Seen.scopes.append(("greet", CURRENT.get(None)))

        @rx.event
        def forgotten(self) -> None:
            Seen.scopes.append(("forgotten", CURRENT.get(None)))

        @rx.event
        @requires(Permission.LEADS_READ)
        def chain(self) -> Any:
            return type(self).manage

    return Guarded


@dataclasses.dataclass(frozen=True)
class Tab:
    """A browser tab of an application that has one State."""

    state: Any
    unmarked: list[str]
    send: Callable[[Any, str], Awaitable[None]]


@pytest.fixture
async def tab(site: Site) -> AsyncIterator[Tab]:
    """In a registry of its own, so that the State is unknown to every other test."""
    Seen.scopes.clear()
    with RegistrationContext.get().fork():
        state, app = guarded(), rx.App()
        app.add_middleware(Gate(lambda: site.door.principals, "leadflow"))
        namespace = app.event_namespace
        assert namespace is not None
        namespace.emit = _emit
        processor = BaseStateEventProcessor(middleware=app, backend_exception_handler=app.backend_exception_handler)
        app._event_processor = processor
        async with processor.configure(state_manager=app.state_manager, event_namespace=namespace):
            with app.set_contexts():
                await namespace._token_manager.link_token_to_sid("tab1", "sid1")

                async def send(handler: Any, cookie: str) -> None:
                    (event,) = Event.from_event_type(handler())
                    router_data = {
                        "token": "tab1", "sid": "sid1", "pathname": "/", "asPath": "/", "query": {}, "ip": "1",
                        "headers": {"cookie": cookie},
                    }  # fmt: skip
                    await (await processor.enqueue("tab1", dataclasses.replace(event, router_data=router_data)))

                yield Tab(state, list(unmarked_handlers()), send)


async def _emit(*_: Any, **__: Any) -> None:
    return None


async def cookie_of(browser: Opens, member: Member) -> str:
    return f"theme=dark; leadflow={(await browser(member)).cookies['leadflow']}"


async def test_a_handler_runs_for_whoever_holds_its_permission_and_knows_who_that_is(
    tab: Tab, browser: Opens, ada: Member
) -> None:
    await tab.send(tab.state.manage, await cookie_of(browser, ada))
    ((name, scope),) = Seen.scopes
    assert name == "manage"
    assert scope is not None
    assert (scope.organization_id, scope.actor) == (ada.organization_id, ada.actor)


async def test_a_handler_does_not_run_for_anybody_else(tab: Tab, browser: Opens, viewer: Member) -> None:
    await tab.send(tab.state.manage, await cookie_of(browser, viewer))
    for cookie in ("", "leadflow=", "leadflow=wrong", "other=1"):
        await tab.send(tab.state.manage, cookie)
        await tab.send(tab.state.look, cookie)
    assert Seen.scopes == []


async def test_what_a_handler_sets_off_passes_the_gate_again(tab: Tab, browser: Opens, viewer: Member) -> None:
    await tab.send(tab.state.chain, await cookie_of(browser, viewer))
    assert Seen.scopes == []


async def test_a_handler_without_a_mark_runs_for_nobody(tab: Tab, browser: Opens, ada: Member) -> None:
    await tab.send(tab.state.forgotten, await cookie_of(browser, ada))
    assert Seen.scopes == []
    assert [name for name in tab.unmarked if name.endswith(".forgotten")]
    assert not [name for name in tab.unmarked if name.endswith((".manage", ".greet", ".hydrate"))]


async def test_a_public_handler_runs_for_strangers_and_an_identity_does_not_stick(
    tab: Tab, browser: Opens, ada: Member
) -> None:
    await tab.send(tab.state.greet, await cookie_of(browser, ada))
    await tab.send(tab.state.greet, "")
    assert [name for name, _ in Seen.scopes] == ["greet", "greet"]
    assert Seen.scopes[0][1] is not None
    assert Seen.scopes[1][1] is None


async def test_the_frameworks_own_setters_are_refused(tab: Tab, browser: Opens, ada: Member) -> None:
    names = reflex_adapter.handlers()
    setters = [name for name in names if name.endswith(".setvar")]
    assert setters
    assert not any(reflex_adapter.is_internal(names[name]) for name in setters)
