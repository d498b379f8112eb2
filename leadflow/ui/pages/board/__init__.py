from leadflow.ui.pages.board.page import PAGE as PAGE
