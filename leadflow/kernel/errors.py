"""The error tree. Domain errors are raised where they are known and translated once, at the door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of an input, in words that name the way out."""

    field: str
    message: str


class LeadFlowError(Exception):
    """Something a person or a calling system can be told about."""

    title = "Something went wrong"

    def __init__(self, detail: str = "", *, problems: list[FieldProblem] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.problems = problems or []


class Unauthenticated(LeadFlowError):
    title = "Log in first"


class Forbidden(LeadFlowError):
    title = "You may not do this"


class NotFound(LeadFlowError):
    title = "Not found"


class Conflict(LeadFlowError):
    title = "This has changed meanwhile"


class Invalid(LeadFlowError):
    """Bad input: nothing was changed."""

    title = "Please correct the input"


class TooLarge(Invalid):
    title = "This is too large"


class TooMany(LeadFlowError):
    """A rate limit; `retry_after` is in seconds."""

    title = "Too many attempts"

    def __init__(self, detail: str = "", *, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Transient(LeadFlowError):
    """It may work later: a job that raises this is retried."""

    title = "Not reachable right now"


class Permanent(LeadFlowError):
    """It will never work as it is: a job that raises this fails visibly and is not retried."""

    title = "This cannot work"
