"""Input of reassigning."""

from leadflow.routing.commands import Pool
from leadflow.views.selecting.commands import Selection


class Reassign(Selection):
    """Which leads, and who takes them, several of them evenly."""

    to: Pool
    with_closed: bool = False
