"""What one person is about to do with the lead on screen."""

import reflex as rx

from leadflow.tenancy.permissions import Permission
from leadflow.ui.gate import requires

OUTCOMES = ("won", "lost")


class OutcomeState(rx.State):
    """The dialog that ends a lead: empty while it is closed."""

    outcome: str = ""
    stage: str = ""
    """In which somebody saw the lead that they end."""

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def ask(self, outcome: str, stage: str) -> None:
        if outcome in OUTCOMES:
            self.outcome, self.stage = outcome, stage

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def close(self) -> None:
        self.outcome = ""

    @rx.event
    @requires(Permission.LEADS_WRITE)
    def done(self, _lead_id: str) -> None:
        self.outcome = ""
