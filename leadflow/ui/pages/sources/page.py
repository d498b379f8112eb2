"""Where leads come from, and what becomes of them."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.frame import allowed
from leadflow.ui.wrappers.insights import SourceReport


def sources() -> rx.Component:
    return main(
        "Sources",
        allowed(
            Permission.INSIGHT_READ,
            SourceReport.create(),
            otherwise="Your role does not see figures. Ask an owner or an admin.",
        ),
        class_name="lf-main--wide",
    )


PAGE = Page(route="/sources", title="Sources", draw=sources)
