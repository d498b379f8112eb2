"""What is shown instead of what could not be drawn in the browser; both ways, the server's log hears of it."""

import reflex as rx
from reflex.app import default_error_boundary
from reflex.state import FrontendEventExceptionState
from reflex.vars.function import ArgsFunctionOperation

from leadflow.ui.wrappers.frame import PageBoundary


def around_the_page() -> rx.Component:
    return PageBoundary.create(on_error=FrontendEventExceptionState.handle_frontend_exception)


def around_everything() -> rx.Component:
    fallback = rx.el.div(
        rx.el.div(
            rx.el.h1("LeadFlow could not be drawn."),
            rx.el.p("What you saved is safe. Loading it again usually helps.", class_name="lf-muted"),
            rx.el.a("Load again", href="", class_name="lf-button lf-button--primary"),
            class_name="lf-card lf-form",
        ),
        class_name="lf-door",
        role="alert",
    )
    return default_error_boundary(
        fallback_render=ArgsFunctionOperation.create(("event_args",), rx.Var.create(fallback))
    )
