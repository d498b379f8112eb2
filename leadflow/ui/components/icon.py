"""Lucide icons, drawn on the server too; the names are those of `wrappers/icons.jsx`."""

import reflex as rx

from leadflow.ui.wrappers.source import LUCIDE, local


class Icon(rx.Component):
    library = local("icons.jsx")
    tag = "Icon"
    lib_dependencies: list[str] = [LUCIDE]

    name: rx.Var[str]


def icon(name: str) -> rx.Component:
    return Icon.create(name=name)
