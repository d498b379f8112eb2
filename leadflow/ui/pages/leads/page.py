"""The list of all leads."""

import reflex as rx

from leadflow.ui.components.add_lead import AddLead, add_lead_button, add_lead_dialog
from leadflow.ui.components.choices import BANDS, CAPTURED
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.filters import UrlClear, UrlSegments, UrlSelect, UrlText
from leadflow.ui.wrappers.leads import LeadTable
from leadflow.ui.wrappers.views import ViewBar

DEFAULT_SORT = "-score"

SORTS = [
    {"value": "-score", "label": "Hottest first"},
    {"value": "-captured_at", "label": "Newest first"},
    {"value": "captured_at", "label": "Oldest first"},
    {"value": "-value", "label": "Largest value first"},
    {"value": "name", "label": "Name"},
    {"value": "company", "label": "Company"},
]

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
        ViewBar.create(layout="list"),
        rx.el.div(
            UrlText.create(param="q", placeholder="Find by name, company, email or phone"),
            UrlSegments.create(param="band", label="Temperature", options=BANDS),
            UrlSelect.create(param="stage", label="Stage", choices="stages"),
            UrlSelect.create(param="owner", label="Owner", choices="people"),
            UrlSelect.create(param="source", label="Source", choices="sources"),
            UrlSelect.create(param="captured", label="Came in", options=CAPTURED),
            rx.el.div(
                UrlSelect.create(param="sort", label="Sort", options=SORTS, usual=DEFAULT_SORT),
                class_name="lf-toolbar__sort",
            ),
            UrlClear.create(keep=["sort"]),
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
