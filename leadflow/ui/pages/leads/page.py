"""The list of all leads."""

import reflex as rx

from leadflow.ui.components.add_lead import AddLead, add_lead_button, add_lead_dialog
from leadflow.ui.components.choices import BANDS, CAPTURED
from leadflow.ui.page import Page, main
from leadflow.ui.pages.leads.columns import COLUMNS, GROUPS
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
            UrlClear.create(keep=["sort", "columns", "group"]),
            rx.el.div(add_lead_button(), class_name="lf-toolbar__end"),
            class_name="lf-toolbar",
        ),
        rx.el.div(
            LeadTable.create(columns=COLUMNS, groups=GROUPS, default_sort=DEFAULT_SORT, on_add=AddLead.start),
            class_name="lf-island",
        ),
        add_lead_dialog(),
        class_name="lf-main--full",
    )


PAGE = Page(route="/leads", title="Leads", draw=leads)
