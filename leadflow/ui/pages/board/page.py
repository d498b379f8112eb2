"""The live board."""

import reflex as rx

from leadflow.ui.components.add_lead import AddLead, add_lead_button, add_lead_dialog
from leadflow.ui.components.choices import BANDS
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.board import KpiStrip, LeadBoard, OffersBar
from leadflow.ui.wrappers.filters import LeadQuery, UrlSegments
from leadflow.ui.wrappers.views import ViewBar

KPI_COUNT = 4
STALE_AFTER_DAYS = 7


def board() -> rx.Component:
    return main(
        "Board",
        KpiStrip.create(count=KPI_COUNT),
        ViewBar.create(layout="board"),
        rx.el.div(
            LeadQuery.create(UrlSegments.create(param="band", label="Temperature", options=BANDS)),
            rx.el.div(add_lead_button(), class_name="lf-toolbar__end"),
            class_name="lf-toolbar",
        ),
        OffersBar.create(),
        rx.el.div(LeadBoard.create(stale_after_days=STALE_AFTER_DAYS, on_add=AddLead.start), class_name="lf-island"),
        add_lead_dialog(),
        class_name="lf-main--full",
    )


PAGE = Page(route="/", title="Board", draw=board)
