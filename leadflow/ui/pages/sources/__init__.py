from leadflow.ui.pages.sources.page import PAGE as PAGE
