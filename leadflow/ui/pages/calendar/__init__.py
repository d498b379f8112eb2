from leadflow.ui.pages.calendar.page import PAGE as PAGE
