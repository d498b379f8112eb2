"""What can be wrong with editing many leads."""

from leadflow.kernel.errors import Conflict, NotFound


class EditNotFound(NotFound):
    title = "This change of many leads does not exist"


class TooLateToUndo(Conflict):
    title = "It is too late to take this back"
