"""Bring a file of leads in."""

import reflex as rx

from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.work import ImportFile

ENCODINGS = ["UTF-8", "Windows-1252", "Latin-1", "UTF-16"]


def imports() -> rx.Component:
    steps = rx.el.div(ImportFile.create(encodings=ENCODINGS), class_name="lf-island")
    return main("Import", steps, class_name="lf-main--narrow")


PAGE = Page(route="/import", title="Import", draw=imports)
