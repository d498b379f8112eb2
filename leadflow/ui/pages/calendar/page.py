"""Who works when, and who is away: one's own time, or that of one's people."""

import reflex as rx

from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.people import WorkCalendar


def calendar() -> rx.Component:
    return main("Calendar", WorkCalendar.create(), class_name="lf-main--wide")


PAGE = Page(route="/calendar", title="Calendar", draw=calendar)
