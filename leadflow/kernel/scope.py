"""Who acts, in which organization, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from leadflow.kernel.errors import Forbidden
from leadflow.kernel.fields import OPEN, FieldRights
from leadflow.kernel.reach import ALL, NOTHING, Reach


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
    reaches: Mapping[str, Reach] = field(default_factory=dict, hash=False)
    """How far a permission goes, where that is not everywhere."""
    fields: FieldRights = OPEN
    """What of a lead the actor is told and may set, where that is not everything."""

    @property
    def person(self) -> UUID | None:
        """Who acts, where that is a person; None for keys, forms and the system."""
        return self.actor.id if self.actor.kind is ActorKind.PERSON else None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """The first line of every use case.

        Raises:
            Forbidden: the actor lacks `permission`.

        """
        if permission not in self.permissions:
            raise Forbidden(f"This needs the permission {permission!s}.")

    def reach(self, permission: str) -> Reach:
        """How far `permission` goes for this actor; nowhere without it."""
        return self.reaches.get(permission, ALL) if permission in self.permissions else NOTHING

    def within(self, permission: str, alias: str = "l") -> tuple[str, Mapping[str, object]]:
        """What a statement over `lead` adds to its conditions, and the values: only leads that `permission` reaches."""
        return self.reach(permission).clause(alias)

    def acting_as(self, actor: Actor) -> "Scope":
        return replace(self, actor=actor)
