"""What we use of Reflex without a promise is still there: read this first after an upgrade."""

import dataclasses

from reflex.istate.data import RouterData
from reflex.state import State, StateUpdate

from leadflow.ui import reflex_adapter


def test_the_registry_holds_the_functions_behind_the_events() -> None:
    handlers = reflex_adapter.handlers()
    hydrate = next(name for name in handlers if name.endswith("state.hydrate"))
    assert reflex_adapter.handler_of(hydrate) is handlers[hydrate]
    assert reflex_adapter.handler_of("no.such.event") is None


def test_reflexs_own_events_have_the_names_that_the_gate_lets_through() -> None:
    found = {
        (handler.__module__, handler.__qualname__)
        for handler in reflex_adapter.handlers().values()
        if reflex_adapter.is_internal(handler)
    }
    assert found == reflex_adapter.INTERNAL


def test_the_cookie_of_the_handshake_stays_on_the_server() -> None:
    router = RouterData.from_router_data({"headers": {"cookie": "leadflow=secret", "host": "x"}})
    assert router.headers.cookie == "leadflow=secret"
    state = State()
    state.router = dataclasses.replace(router)
    assert reflex_adapter.cookies_of(state) == "leadflow=secret"


def test_an_event_can_be_ended_without_an_effect() -> None:
    assert reflex_adapter.refusal() == StateUpdate(delta={})
    assert [event.name for event in reflex_adapter.to_log_in().events] == ["_redirect"]
