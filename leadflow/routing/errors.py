"""What can be wrong with rules and absences."""

from leadflow.kernel.errors import NotFound


class RuleNotFound(NotFound):
    title = "This rule does not exist"


class AbsenceNotFound(NotFound):
    title = "This absence does not exist"
