from leadflow.ui.pages.leads.page import PAGE as PAGE
