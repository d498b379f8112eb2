"""What can be wrong at log-in."""

from leadflow.kernel.errors import Invalid


class WrongCredentials(Invalid):
    """One answer for a wrong address and a wrong password, so that nobody learns who has an account."""

    title = "Log-in did not work"
