"""The dialog that captures one lead by hand."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.components.command import command
from leadflow.ui.components.fields import actions, choice, field
from leadflow.ui.components.icon import icon
from leadflow.ui.gate import requires
from leadflow.ui.wrappers.forms import Dialog, RestForm
from leadflow.ui.wrappers.frame import allowed

CURRENCIES = ["EUR", "USD", "GBP", "CHF", "BRL"]


class AddLead(rx.State):
    is_open: bool = False

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def start(self) -> None:
        self.is_open = True

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def close(self) -> None:
        self.is_open = False

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def added(self, _lead_id: str) -> None:
        self.is_open = False


def add_lead_button() -> rx.Component:
    return allowed(
        Permission.LEADS_WRITE,
        rx.el.button(
            icon("Plus"),
            "Add a lead",
            type="button",
            class_name="lf-button lf-button--primary",
            on_click=AddLead.start,
            custom_attrs=command("Add a lead", "n"),
        ),
    )


def add_lead_dialog() -> rx.Component:
    return Dialog.create(
        RestForm.create(
            field("name", "Name", autofocus=True),
            rx.el.div(
                field("email", "Email", kind="email"),
                field("phone", "Phone", kind="tel", help_text="With the country code, such as +49."),
                class_name="lf-pair",
            ),
            rx.el.div(field("company", "Company"), field("title", "Title"), class_name="lf-pair"),
            rx.el.div(
                field("value", "Value", kind="money"), choice("currency", "Currency", CURRENCIES), class_name="lf-pair"
            ),
            rx.el.p(
                "A lead with the same email or phone is not doubled; this joins its timeline.", class_name="lf-help"
            ),
            actions("Add lead", AddLead.close),
            path="/leads",
            extra={"source": "manual"},
            said="Lead added.",
            on_done=AddLead.added,
        ),
        is_open=AddLead.is_open,
        heading="Add a lead",
        on_close=AddLead.close,
    )
