"""What can be wrong with a lead."""

from pydantic import JsonValue

from leadflow.kernel.errors import Conflict, NotFound


class LeadNotFound(NotFound):
    title = "This lead does not exist"


class LeadChanged(Conflict):
    """Somebody else changed it first; `current` is how it stands now, `conflicts` what has to be chosen between."""

    title = "Somebody else changed this lead"

    def __init__(
        self, detail: str, current: dict[str, JsonValue], conflicts: list[dict[str, JsonValue]] | None = None
    ) -> None:
        super().__init__(detail)
        self.current = current
        self.conflicts = conflicts or []


class IdentityTaken(Conflict):
    title = "This address belongs to another lead"
