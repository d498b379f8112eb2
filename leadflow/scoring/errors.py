"""What can be wrong with the input of scoring."""

from leadflow.kernel.errors import Conflict, Invalid, Permanent


class FeatureNotFinite(Invalid):
    """A feature is NaN or infinite; nothing was learned from it."""

    title = "A feature is not a finite number"


class SnapshotUnreadable(Permanent):
    """A stored model cannot be restored; it has to be learned again from the log."""

    title = "The stored model cannot be read"


class LeadClosed(Conflict):
    title = "This lead is won or lost"
