"""The list of all leads."""

import reflex as rx

from leadflow.ui.components.add_lead import AddLead, add_lead_button, add_lead_dialog
from leadflow.ui.components.choices import BANDS
from leadflow.ui.page import Page, main
from leadflow.ui.pages.leads.columns import COLUMNS, GROUPS
from leadflow.ui.wrappers.filters import LeadQuery, UrlSegments, UrlText
from leadflow.ui.wrappers.leads import LeadTable
from leadflow.ui.wrappers.views import ViewBar

DEFAULT_SORT = "-score"


def leads() -> rx.Component:
    return main(
        "Leads",
        ViewBar.create(layout="list"),
        rx.el.div(
            UrlText.create(param="q", placeholder="Find by name, company, email or phone"),
            LeadQuery.create(
                UrlSegments.create(param="band", label="Temperature", options=BANDS), default_sort=DEFAULT_SORT
            ),
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
