"""Pure decisions of overrides."""

from datetime import datetime, timedelta
from typing import Final

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.scoring.overrides.commands import LONGEST, SHORTEST, USUAL, HoldBand
from leadflow.scoring.tables import ScoreOverride

TOLERANCE: Final = timedelta(minutes=1)


def end_of(command: HoldBand, now: datetime) -> datetime:
    """Until when the band is held.

    Raises:
        Invalid: that is sooner than in an hour, or later than in 90 days.

    """
    if command.until is None:
        return now + (USUAL if command.hours is None else timedelta(hours=command.hours))
    if not now + SHORTEST - TOLERANCE <= command.until <= now + LONGEST + TOLERANCE:
        raise Invalid(
            problems=[FieldProblem("until", "A band can be held for one hour at least, and 90 days at most.")]
        )
    return command.until


def is_same(held: ScoreOverride, command: HoldBand, until: datetime) -> bool:
    """Whether this is said for a second time; for so many hours, a moment later."""
    return held.band == command.band and held.reason == command.reason and TOLERANCE > until - held.until > -TOLERANCE
