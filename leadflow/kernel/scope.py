"""Who acts, in which organization, and what they may do."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from leadflow.kernel.errors import Forbidden


class ActorKind(StrEnum):
    PERSON = "person"
    API_KEY = "api_key"
    FORM = "form"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Carried by every unit of work; the organization never comes from an argument of a request."""

    organization_id: UUID
    actor: Actor
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """The first line of every use case.

        Raises:
            Forbidden: the actor lacks `permission`.

        """
        if permission not in self.permissions:
            raise Forbidden(f"This needs the permission {permission!s}.")

    def acting_as(self, actor: Actor) -> "Scope":
        return replace(self, actor=actor)
