"""A dialog, and a form that is drawn here and sent to the API from the browser."""

import reflex as rx

from leadflow.ui.wrappers.source import Island, OnEvent, OnText, local


class Dialog(Island):
    library = local("dialog.jsx")
    tag = "Dialog"

    is_open: rx.Var[bool]
    heading: rx.Var[str]
    on_close: OnEvent


class RestForm(Island):
    """Sends its named fields as JSON to `path` under /api/v1; `{name}` in it is taken from the route."""

    library = local("rest_form.jsx")
    tag = "RestForm"

    path: rx.Var[str]
    method: rx.Var[str]
    extra: rx.Var[dict[str, str]]
    said: rx.Var[str]
    on_done: OnText
