"""What a page is: a route, a title, and a function that draws it."""

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx


@dataclass(frozen=True)
class Page:
    """Exported as `PAGE` by each folder of `leadflow.ui.pages`."""

    route: str
    title: str
    draw: Callable[[], rx.Component]


def main(title: str, *content: rx.Component, class_name: str = "", actions: rx.Component | None = None) -> rx.Component:
    """The part of the screen that changes with the route: its title in the top bar, its content below."""
    return rx.el.main(
        rx.el.div(rx.el.h1(title, class_name="lf-title"), actions or rx.fragment(), class_name="lf-titlebar"),
        *content,
        class_name=f"lf-main {class_name}",
        id="main",
        tab_index=-1,
    )
