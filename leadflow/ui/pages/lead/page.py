"""One lead: what happened, what it is worth, what is known."""

from typing import Any

import reflex as rx

from leadflow.ui.components.fields import actions, field, text_area
from leadflow.ui.components.icon import icon
from leadflow.ui.layout.links import PageLink
from leadflow.ui.page import Page
from leadflow.ui.pages.lead.state import OutcomeState
from leadflow.ui.wrappers.filters import UrlTabs
from leadflow.ui.wrappers.forms import Dialog, RestForm
from leadflow.ui.wrappers.frame import OnlyWhen
from leadflow.ui.wrappers.leads import LeadComposer, LeadFacts, LeadHead, LeadScore, LeadTimeline, NextStep
from leadflow.ui.wrappers.tasks import LeadTasks

TOP_REASONS = 5

CALL_OUTCOMES = ["Reached", "No answer", "Left a message", "Wrong number"]
MEETING_OUTCOMES = ["Held", "Postponed", "No show"]

KINDS: list[dict[str, Any]] = [
    {"key": "note", "label": "Note", "prompt": "Write a note", "save": "Save note", "outcomes": []},
    {
        "key": "call",
        "label": "Call",
        "prompt": "What was said on the call",
        "save": "Log call",
        "outcomes": CALL_OUTCOMES,
    },
    {
        "key": "meeting",
        "label": "Meeting",
        "prompt": "What was agreed in the meeting",
        "save": "Log meeting",
        "outcomes": MEETING_OUTCOMES,
    },
    {"key": "email", "label": "Email", "prompt": "What you wrote", "save": "Log email", "outcomes": []},
]

FILTERS: list[dict[str, Any]] = [
    {"key": "all", "label": "All", "kinds": []},
    {"key": "people", "label": "Activities", "kinds": ["activity.", "task."]},
    {"key": "behaviour", "label": "Behaviour", "kinds": ["behaviour."]},
    {"key": "changes", "label": "Changes", "kinds": ["lead."]},
]

FACTS = [
    {"key": "name", "label": "Name"},
    {"key": "company", "label": "Company"},
    {"key": "title", "label": "Title"},
    {"key": "email", "label": "Email", "kind": "email"},
    {"key": "phone", "label": "Phone", "kind": "tel"},
    {"key": "value", "label": "Value", "kind": "money"},
]

TABS = [
    {"key": "timeline", "label": "Timeline"},
    {"key": "tasks", "label": "Tasks"},
    {"key": "score", "label": "Score"},
    {"key": "facts", "label": "Facts"},
]


def _outcome_dialog() -> rx.Component:
    is_won = OutcomeState.outcome == "won"
    return Dialog.create(
        RestForm.create(
            rx.cond(
                is_won,
                field("value", "Value", kind="money", help_text="Leave it empty to keep the value it has."),
                rx.fragment(),
            ),
            text_area("reason", "Reason", help_text="Kept on the timeline. Outcomes are what the score learns from."),
            actions(rx.cond(is_won, "Mark as won", "Mark as lost"), OutcomeState.close),
            path="/leads/{lead_id}/outcome",
            extra={"outcome": OutcomeState.outcome, "seen_stage": OutcomeState.stage},
            said=rx.cond(is_won, "Marked as won. Reopen it at any time.", "Marked as lost. Reopen it at any time."),
            on_done=OutcomeState.done,
        ),
        is_open=OutcomeState.outcome != "",
        heading=rx.cond(is_won, "Won", "Lost"),
        on_close=OutcomeState.close,
    )


def _timeline() -> rx.Component:
    return rx.el.div(
        LeadComposer.create(kinds=KINDS), LeadTimeline.create(filters=FILTERS), class_name="lf-leadpage__story"
    )


def _score() -> rx.Component:
    return LeadScore.create(top=TOP_REASONS)


def _next_step() -> rx.Component:
    return NextStep.create(on_close=OutcomeState.ask)


def _facts() -> rx.Component:
    return LeadFacts.create(fields=FACTS)


def _tasks() -> rx.Component:
    return LeadTasks.create()


def lead() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            PageLink.create(icon("ChevronLeft"), "Leads", to="/leads", class_name="lf-title lf-title--back"),
            class_name="lf-titlebar",
        ),
        rx.el.div(
            LeadHead.create(on_outcome=OutcomeState.ask),
            OnlyWhen.create(
                rx.el.div(
                    _timeline(),
                    rx.el.div(_next_step(), _tasks(), _score(), _facts(), class_name="lf-leadpage__side"),
                    class_name="lf-leadpage__columns",
                ),
                media="(min-width: 768px)",
            ),
            OnlyWhen.create(
                _next_step(),
                UrlTabs.create(_timeline(), _tasks(), _score(), _facts(), param="tab", label="Lead", names=TABS),
                media="(max-width: 767px)",
            ),
            class_name="lf-leadpage",
        ),
        _outcome_dialog(),
        class_name="lf-main",
        id="main",
        tab_index=-1,
    )


PAGE = Page(route="/leads/[lead_id]", title="Lead", draw=lead)
