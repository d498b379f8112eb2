"""The list of all leads."""

import reflex as rx

from leadflow.ui.components.add_lead import AddLead, add_lead_button, add_lead_dialog
from leadflow.ui.components.choices import BANDS
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import LeadQuery, UrlSegments, UrlText
from leadflow.ui.wrappers.leads import LeadTable

DEFAULT_SORT = "-score"

COLUMNS: list[dict[str, str | bool]] = [
    {"key": "name", "label": "Name", "width": "minmax(180px, 1.3fr)", "sort": "name"},
    {"key": "company", "label": "Company", "width": "minmax(132px, 1.1fr)", "sort": "company"},
    {"key": "score", "label": "Score", "width": "164px", "sort": "score", "first": "-score"},
    {"key": "reason", "label": "Strongest reason", "width": "minmax(152px, 1.3fr)"},
    {"key": "stage", "label": "Stage", "width": "96px"},
    {"key": "owner", "label": "Owner", "width": "132px"},
    {"key": "source", "label": "Source", "width": "108px"},
    {"key": "value", "label": "Value", "width": "96px", "sort": "value", "first": "-value", "align": "end"},
    {
        "key": "captured_at",
        "label": "Came in",
        "width": "104px",
        "sort": "captured_at",
        "first": "-captured_at",
        "align": "end",
    },
]


def leads() -> rx.Component:
    return main(
        "Leads",
        rx.el.div(
            UrlText.create(param="q", placeholder="Find by name, company, email or phone"),
            LeadQuery.create(
                UrlSegments.create(param="band", label="Temperature", options=BANDS), default_sort=DEFAULT_SORT
            ),
            rx.el.div(add_lead_button(), class_name="lf-toolbar__end"),
            class_name="lf-toolbar",
        ),
        rx.el.div(
            LeadTable.create(columns=COLUMNS, default_sort=DEFAULT_SORT, on_add=AddLead.start), class_name="lf-island"
        ),
        add_lead_dialog(),
        class_name="lf-main--full",
    )


PAGE = Page(route="/leads", title="Leads", draw=leads)
