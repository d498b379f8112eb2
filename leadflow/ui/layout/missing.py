"""The page for addresses that lead nowhere."""

import reflex as rx

from leadflow.ui.layout.links import PageLink
from leadflow.ui.page import main


def missing_page() -> rx.Component:
    return main(
        "Not found",
        rx.el.div(
            rx.el.p("There is no page at this address.", class_name="lf-empty__title"),
            rx.el.div(
                PageLink.create("Open the board", to="/", class_name="lf-button lf-button--primary"),
                class_name="lf-empty__actions",
            ),
            class_name="lf-empty",
        ),
    )
