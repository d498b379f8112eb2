from leadflow.ui.pages.imports.page import PAGE as PAGE
