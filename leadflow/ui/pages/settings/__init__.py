from leadflow.ui.pages.settings.page import PAGE as PAGE
