"""What can be wrong with rules, absences, territories, claims and reassignments."""

from leadflow.kernel.errors import Conflict, NotFound


class RuleNotFound(NotFound):
    title = "This rule does not exist"


class AbsenceNotFound(NotFound):
    title = "This absence does not exist"


class TerritoryNotFound(NotFound):
    title = "This territory does not exist"


class TerritoryInUse(Conflict):
    title = "A rule asks for this territory"


class LeadTaken(Conflict):
    title = "Somebody else was first"


class NotOffered(Conflict):
    title = "This lead is not offered any more"


class ReassignmentNotFound(NotFound):
    title = "This reassignment does not exist"


class TooLateToUndo(Conflict):
    title = "It is too late to take this back"
