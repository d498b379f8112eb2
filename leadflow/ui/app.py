"""The Reflex application: every page of `leadflow.ui.pages` inside one frame."""

import reflex as rx

from leadflow.kernel.registry import discover
from leadflow.ui.fonts import SUBSETS, font_url
from leadflow.ui.layout.broken import around_everything, around_the_page
from leadflow.ui.layout.frame import frame
from leadflow.ui.layout.missing import missing_page
from leadflow.ui.page import Page

STYLESHEETS = ["/theme.css", "/styles/frame.css"]
"""What the first paint needs; islands bring their own style sheets."""


def build() -> rx.App:
    """Reflex's own overlay and toasts are left out: they would need `unsafe-eval`, and we draw our own."""
    app = rx.App(
        html_lang="en",
        stylesheets=STYLESHEETS,
        toaster=None,
        app_wraps={
            (55, "ErrorBoundary"): lambda _stateful: around_everything(),
            (10, "Frame"): lambda _stateful: frame(),
            (5, "Page"): lambda _stateful: around_the_page(),
        },
        head_components=[
            rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
            rx.el.link(
                rel="preload",
                href=font_url(SUBSETS[0]),
                custom_attrs={"as": "font", "crossOrigin": "anonymous"},
                type="font/woff2",
            ),
            rx.el.meta(name="theme-color", content="#ffffff", custom_attrs={"media": "(prefers-color-scheme: light)"}),
            rx.el.meta(name="theme-color", content="#131318", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        ],
    )
    for page in discover("leadflow.ui.pages", Page, "PAGE").values():
        app.add_page(
            page.draw,
            route=page.route,
            title=f"{page.title} · LeadFlow",
            description="Leads, scored and live.",
            image="/favicon.svg",
        )
    app.add_page(missing_page, route="404", title="Not found · LeadFlow")
    return app


app = build()
