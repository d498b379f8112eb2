"""Links that stay inside the page, and a form that leaves it."""

import reflex as rx


class NavLink(rx.el.A):
    """A link that knows when it leads to where one already is (aria-current="page")."""

    library = "react-router"
    tag = "NavLink"

    to: rx.Var[str]
    end: rx.Var[bool]


class PageLink(rx.el.A):
    library = "react-router"
    tag = "Link"
    alias = "PageLink"

    to: rx.Var[str]


class NativeForm(rx.el.Div):
    """A form that the browser itself sends; `rx.el.form` always keeps the submission in the page."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
