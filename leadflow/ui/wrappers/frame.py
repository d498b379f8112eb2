"""What the frame shows of the person and the connection, and the ways to everything that can be done."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.wrappers.source import Island, OnTwoTexts, local


class Allowed(Island):
    library = local("frame.jsx")
    tag = "Allowed"

    permission: rx.Var[str]
    otherwise: rx.Var[str]


class Otherwise(Island):
    library = local("frame.jsx")
    tag = "Otherwise"

    permission: rx.Var[str]


class Me(Island):
    library = local("frame.jsx")
    tag = "Me"

    field: rx.Var[str]


class Organizations(Island):
    """The other organizations of the same person: each a button that leads there."""

    library = local("frame.jsx")
    tag = "Organizations"


class Afresh(rx.Component):
    """Draws its children once more in the browser: the page for unknown addresses is prepared for another one."""

    library = local("afresh.jsx")
    tag = "Afresh"


class PageBoundary(rx.Component):
    """Keeps the frame when the page inside it cannot be drawn."""

    library = local("page_boundary.jsx")
    tag = "PageBoundary"

    on_error: OnTwoTexts


class Connection(Island):
    library = local("frame.jsx")
    tag = "Connection"


class ConnectionBar(Island):
    library = local("frame.jsx")
    tag = "ConnectionBar"


class AddressBar(Island):
    """For whoever has not confirmed their e-mail address, where mail arrives."""

    library = local("address_bar.jsx")
    tag = "AddressBar"


class OnlyWhen(Island):
    """Children that exist only while a media query holds, so that nothing is loaded twice."""

    library = local("only_when.jsx")
    tag = "OnlyWhen"

    media: rx.Var[str]


class Palette(Island):
    """Finds leads, and whatever says of itself that it is a command; see commands.js."""

    library = local("palette.jsx")
    tag = "Palette"


class Shortcuts(Island):
    """The button that shows which keys do what; while it is there, they do."""

    library = local("shortcuts.jsx")
    tag = "Shortcuts"


class Toasts(Island):
    library = local("toasts.jsx")
    tag = "Toasts"


def allowed(permission: Permission, *children: rx.Component, otherwise: str = "") -> rx.Component:
    """Children that only holders of the permission see, others a sentence; the server decides again on every use."""
    return Allowed.create(*children, permission=permission.value, otherwise=otherwise)


def otherwise(permission: Permission, *children: rx.Component) -> rx.Component:
    """Children for those who do not hold the permission."""
    return Otherwise.create(*children, permission=permission.value)
