from leadflow.ui.pages.assignment.page import PAGE as PAGE
