"""What one person has to do: late, today, later, and done."""

import reflex as rx

from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.tasks import MyDay


def day() -> rx.Component:
    return main("My day", MyDay.create(), class_name="lf-main--wide")


PAGE = Page(route="/day", title="My day", draw=day)
