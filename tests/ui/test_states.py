"""What one person is about to do: dialogs that open, close and forget."""

import pytest

from leadflow.ui.components.add_lead import AddLead
from leadflow.ui.pages.lead.state import OUTCOMES, OutcomeState


def call(state: object, name: str, *arguments: str) -> None:
    type(state).event_handlers[name].fn(state, *arguments)  # type: ignore[attr-defined]


def test_adding_a_lead_opens_a_dialog_and_saving_closes_it() -> None:
    state = AddLead()
    call(state, "start")
    assert state.is_open
    call(state, "added", "0197-lead")
    assert not state.is_open


def test_cancelling_closes_the_dialog() -> None:
    state = AddLead()
    call(state, "start")
    call(state, "close")
    assert not state.is_open


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_is_asked_for_by_name(outcome: str) -> None:
    state = OutcomeState()
    call(state, "ask", outcome, "new")
    assert (state.outcome, state.stage) == (outcome, "new")
    call(state, "done", "0197-lead")
    assert state.outcome == ""


@pytest.mark.parametrize("nonsense", ["", "archived", "won; drop table lead"])
def test_an_unknown_outcome_opens_nothing(nonsense: str) -> None:
    state = OutcomeState()
    call(state, "ask", nonsense, "new")
    assert state.outcome == ""


def test_what_is_open_is_all_that_is_kept() -> None:
    assert set(AddLead.base_vars) - {"router"} == {"is_open"}
    assert set(OutcomeState.base_vars) - {"router"} == {"outcome", "stage"}
