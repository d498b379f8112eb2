"""Form fields: label above, help below, an error in its place."""

from typing import Any

import reflex as rx


def field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    help_text: str = "",
    autocomplete: str = "off",
    autofocus: bool = False,
) -> rx.Component:
    note = f"note-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=f"field-{name}"),
        rx.el.input(
            id=f"field-{name}",
            name=name,
            type="text" if kind == "money" else kind,
            auto_complete=autocomplete,
            auto_focus=autofocus,
            class_name="lf-input",
            aria_describedby=note,
            custom_attrs={"data-kind": kind, "inputMode": "decimal" if kind == "money" else "text"},
        ),
        _notes(name, note, help_text),
        class_name="lf-field",
    )


def text_area(name: str, label: str, *, help_text: str = "") -> rx.Component:
    note = f"note-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=f"field-{name}"),
        rx.el.textarea(id=f"field-{name}", name=name, rows="3", class_name="lf-textarea", aria_describedby=note),
        _notes(name, note, help_text),
        class_name="lf-field",
    )


def choice(name: str, label: str, options: list[str]) -> rx.Component:
    note = f"note-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=f"field-{name}"),
        rx.el.select(
            *[rx.el.option(option, value=option) for option in options],
            id=f"field-{name}",
            name=name,
            class_name="lf-select",
            aria_describedby=note,
        ),
        _notes(name, note, ""),
        class_name="lf-field",
    )


def _notes(name: str, note: str, help_text: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(class_name="lf-error", role="alert", custom_attrs={"data-error": name}),
        rx.el.p(help_text, class_name="lf-help") if help_text else rx.fragment(),
        id=note,
        class_name="lf-notes",
    )


def actions(save: str, on_cancel: Any, *, tone: str = "lf-button--primary") -> rx.Component:
    return rx.el.div(
        rx.el.button("Cancel", type="button", class_name="lf-button lf-button--quiet", on_click=on_cancel),
        rx.el.button(save, type="submit", class_name=f"lf-button {tone}"),
        class_name="lf-actions",
    )
