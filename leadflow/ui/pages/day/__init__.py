from leadflow.ui.pages.day.page import PAGE as PAGE
