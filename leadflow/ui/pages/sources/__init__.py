from leadflow.ui.pages.scoring.page import PAGE as PAGE
