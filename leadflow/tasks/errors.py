"""What can be wrong with a task."""

from pydantic import JsonValue

from leadflow.kernel.errors import Conflict, NotFound


class TaskNotFound(NotFound):
    title = "This task does not exist"


class TaskChanged(Conflict):
    """Somebody else changed it first; `current` is how it stands now."""

    title = "Somebody else changed this task"

    def __init__(self, detail: str, current: dict[str, JsonValue]) -> None:
        super().__init__(detail)
        self.current = current


class TaskDeleted(Conflict):
    title = "This task has been deleted"
