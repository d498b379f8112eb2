from leadflow.ui.pages.lead.page import PAGE as PAGE
