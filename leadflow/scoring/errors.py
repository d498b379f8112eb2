"""What can be wrong with the input of scoring."""

from leadflow.kernel.errors import Conflict, Invalid, NotFound, Permanent


class FeatureNotFinite(Invalid):
    """A feature is NaN or infinite; nothing was learned from it."""

    title = "A feature is not a finite number"


class SnapshotUnreadable(Permanent):
    """A stored model cannot be restored; it has to be learned again from the log."""

    title = "The stored model cannot be read"


class LeadClosed(Conflict):
    title = "This lead is won or lost"


class ScoringChanged(Conflict):
    """Somebody deployed other rules since these were drafted; `current` is the number that is live now."""

    title = "Somebody else changed the scoring rules meanwhile"

    def __init__(self, current: int) -> None:
        super().__init__(f"Version {current} is live now. Look at it, and make your changes there.")
        self.current = current


class VersionNotFound(NotFound):
    title = "There is no such version"


class BacktestNotFound(NotFound):
    title = "There is no such backtest"


class ModelNotFound(NotFound):
    title = "There is no such model"
