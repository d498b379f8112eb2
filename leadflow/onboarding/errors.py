"""What can be wrong at the way in."""

from leadflow.kernel.errors import Invalid, NotFound


class WrongCredentials(Invalid):
    """One answer for a wrong address and a wrong password, so that nobody learns who has an account."""

    title = "Log-in did not work"


class LinkExpired(NotFound):
    """Used, too old, of another kind or made up: whoever has one is told the same."""

    title = "This link does not work any more"
