"""The frame around every page: rail, top bar, person menu. It stays while pages come and go."""

from typing import Literal

import reflex as rx
from reflex.style import set_color_mode

from leadflow.tenancy.permissions import Permission
from leadflow.ui.components.command import command
from leadflow.ui.components.icon import icon
from leadflow.ui.layout.links import NativeForm, NavLink
from leadflow.ui.wrappers.frame import (
    AddressBar,
    Afresh,
    Connection,
    ConnectionBar,
    Me,
    Organizations,
    Palette,
    Shortcuts,
    Toasts,
    allowed,
    otherwise,
)
from leadflow.ui.wrappers.leads import UnsavedEdits
from leadflow.ui.wrappers.notices import Bell
from leadflow.ui.wrappers.tasks import DayCount, TaskReminders
from leadflow.ui.wrappers.views import ViewCommands


def _entry(label: str, to: str, symbol: str, key: str, *more: rx.Component, exact: bool = False) -> rx.Component:
    return NavLink.create(
        icon(symbol),
        rx.el.span(label),
        *more,
        to=to,
        end=exact,
        class_name="lf-nav__entry",
        custom_attrs=command(f"Go to {label}", f"g {key}"),
    )


def _entries() -> tuple[rx.Component, ...]:
    return (
        _entry("My day", "/day", "Tasks", "d", DayCount.create()),
        _entry("Board", "/", "Board", "b", exact=True),
        _entry("Leads", "/leads", "Users", "l"),
        allowed(Permission.LEADS_IMPORT, _entry("Import", "/import", "Upload", "i")),
        allowed(Permission.PEOPLE_MANAGE, _entry("People", "/people", "Network", "p")),
        otherwise(Permission.PEOPLE_MANAGE, _entry("Calendar", "/calendar", "Calendar", "c")),
        allowed(Permission.ROUTING_MANAGE, _entry("Assignment", "/assignment", "Route", "a")),
        allowed(Permission.INSIGHT_READ, _entry("Sources", "/sources", "Bars", "o")),
        allowed(Permission.SETTINGS_MANAGE, _entry("Scoring", "/scoring", "Gauge", "s")),
        otherwise(
            Permission.SETTINGS_MANAGE,
            allowed(Permission.ROUTING_MANAGE, _entry("Scoring", "/scoring", "Gauge", "s")),
        ),
        _entry("Settings", "/settings", "Settings", ","),
    )


def _rail() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            rx.el.span(class_name="lf-logo"),
            rx.el.span(Me.create(field="organization.name"), class_name="lf-rail__name"),
            class_name="lf-rail__head",
        ),
        rx.el.nav(Afresh.create(*_entries()), class_name="lf-nav", aria_label="Main"),
        class_name="lf-rail",
        aria_label="LeadFlow",
    )


def _theme_button(label: str, mode: Literal["light", "dark", "system"], symbol: str) -> rx.Component:
    return rx.el.button(
        icon(symbol),
        rx.el.span(label),
        type="button",
        class_name="lf-segment",
        aria_pressed=rx.cond(rx.color_mode == mode, "true", "false"),
        on_click=set_color_mode(mode),
        custom_attrs=command(f"Theme: {label.lower()}"),
    )


def theme_switch() -> rx.Component:
    return rx.el.div(
        _theme_button("Light", "light", "Sun"),
        _theme_button("Dark", "dark", "Moon"),
        _theme_button("System", "system", "Monitor"),
        role="group",
        aria_label="Theme",
        class_name="lf-segments",
    )


def _person() -> rx.Component:
    return rx.fragment(
        rx.el.button(
            Me.create(field="avatar"),
            type="button",
            class_name="lf-person",
            aria_label="Your account",
            custom_attrs={"popoverTarget": "person-menu"},
        ),
        rx.el.div(
            rx.el.div(
                rx.el.strong(Me.create(field="account.name"), class_name="lf-clip"),
                rx.el.span(Me.create(field="account.email"), class_name="lf-muted lf-clip"),
                rx.el.span(Me.create(field="role_name"), class_name="lf-muted"),
                class_name="lf-person__who",
            ),
            Organizations.create(),
            theme_switch(),
            Shortcuts.create(),
            NativeForm.create(
                rx.el.button(
                    icon("LogOut"),
                    "Log out",
                    type="submit",
                    class_name="lf-menu__item",
                    custom_attrs=command("Log out"),
                ),
                action="/logout",
                method="post",
            ),
            id="person-menu",
            class_name="lf-menu lf-person__menu",
            custom_attrs={"popover": "auto"},
        ),
    )


def _top_bar() -> rx.Component:
    return rx.el.header(
        Palette.create(),
        rx.el.div(Connection.create(), Bell.create(), _person(), class_name="lf-top__end"),
        class_name="lf-top",
    )


def frame() -> rx.Component:
    """Reflex appends the page as the last child."""
    return rx.el.div(
        rx.el.a("Skip to content", href="#main", class_name="lf-skip", custom_attrs={"reloadDocument": True}),
        _rail(),
        _top_bar(),
        rx.el.div(ConnectionBar.create(), AddressBar.create(), class_name="lf-bars"),
        Toasts.create(),
        TaskReminders.create(),
        ViewCommands.create(),
        UnsavedEdits.create(),
        class_name="lf-frame",
    )
