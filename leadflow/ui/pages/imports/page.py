"""Bring a file of leads in."""

import reflex as rx

from leadflow.ui.components.choices import IMPORT_FIELDS
from leadflow.ui.page import Page, main
from leadflow.ui.wrappers.work import ImportFile


def imports() -> rx.Component:
    steps = rx.el.div(ImportFile.create(fields=IMPORT_FIELDS), class_name="lf-island")
    return main("Import", steps, class_name="lf-main--narrow")


PAGE = Page(route="/import", title="Import", draw=imports)
