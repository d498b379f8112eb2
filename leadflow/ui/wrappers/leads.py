"""The lead list, and the parts of a lead's page."""

from typing import Any

import reflex as rx

from leadflow.ui.wrappers.source import LUCIDE, VIRTUAL, Island, OnEvent, OnTwoTexts, local


class LeadTable(Island):
    library = local("lead_table.jsx")
    tag = "LeadTable"
    lib_dependencies: list[str] = [LUCIDE, VIRTUAL]

    columns: rx.Var[list[dict[str, Any]]]
    groups: rx.Var[list[dict[str, str]]]
    default_sort: rx.Var[str]
    on_add: OnEvent


class UnsavedEdits(Island):
    """On every page: sends edits that wait for the connection, and asks where somebody else was first."""

    library = local("unsaved_edits.jsx")
    tag = "UnsavedEdits"


class LeadHead(Island):
    library = local("lead_head.jsx")
    tag = "LeadHead"

    on_outcome: OnTwoTexts


class LeadComposer(Island):
    library = local("lead_composer.jsx")
    tag = "LeadComposer"

    kinds: rx.Var[list[dict[str, Any]]]


class LeadTimeline(Island):
    library = local("lead_timeline.jsx")
    tag = "LeadTimeline"

    filters: rx.Var[list[dict[str, Any]]]


class NextStep(Island):
    """What to do next, when to reach the lead, and when it is usually decided; `on_close` opens the dialog that ends
    it.
    """

    library = local("next_step.jsx")
    tag = "NextStep"

    on_close: OnTwoTexts


class LeadScore(Island):
    library = local("lead_score.jsx")
    tag = "LeadScore"

    top: rx.Var[int]


class LeadFacts(Island):
    library = local("lead_facts.jsx")
    tag = "LeadFacts"

    fields: rx.Var[list[dict[str, str]]]
