from leadflow.ui.pages.people.page import PAGE as PAGE
