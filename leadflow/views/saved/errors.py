"""What can be wrong with a saved view."""

from pydantic import JsonValue

from leadflow.kernel.errors import Conflict, NotFound


class ViewNotFound(NotFound):
    title = "This view does not exist"


class ViewChanged(Conflict):
    """Somebody else changed it first; `current` is how it stands now."""

    title = "Somebody else changed this view"

    def __init__(self, detail: str, current: dict[str, JsonValue]) -> None:
        super().__init__(detail)
        self.current = current


class ViewDeleted(Conflict):
    title = "This view has been deleted"
