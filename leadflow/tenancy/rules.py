"""Pure decisions of tenancy: what a tree of teams must be, who gives whom which rights, who sees whose free time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from leadflow.kernel.errors import FieldProblem
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent, Team, subtree
from leadflow.kernel.scope import Scope
from leadflow.tenancy.permissions import REACHING, Grants

DEEPEST = 8
MOST_TEAMS = 500


@dataclass(frozen=True, slots=True)
class Seats:
    """How many people an organization may have (`limit`; None: any number), and what takes their places.

    `used` are its active members; `reserved` are invitations that can still be accepted, each of which holds a seat.
    """

    limit: int | None
    used: int
    reserved: int

    @property
    def free(self) -> int | None:
        """How many more people can be invited, or let in again; None: any number.

        >>> Seats(5, 3, 1).free, Seats(5, 6, 1).free, Seats(None, 6, 1).free
        (1, 0, None)
        """
        return None if self.limit is None else max(0, self.limit - self.used - self.reserved)

    @property
    def admits_invited(self) -> bool:
        """Whether somebody who was invited can join: on the seat that is reserved for them.

        >>> Seats(5, 4, 3).admits_invited, Seats(5, 5, 1).admits_invited
        (True, False)
        """
        return self.limit is None or self.used < self.limit

    def __str__(self) -> str:
        """
        >>> str(Seats(5, 3, 1)), str(Seats(1, 1, 0)), str(Seats(None, 2, 2))
        ('3 people and 1 open invitation', '1 person', '2 people and 2 open invitations')
        """
        people = "1 person" if self.used == 1 else f"{self.used} people"
        open_ones = "1 open invitation" if self.reserved == 1 else f"{self.reserved} open invitations"
        return f"{people} and {open_ones}" if self.reserved else people


def parent_problem(team: UUID | None, parent: UUID, parents: Mapping[UUID, Team]) -> str | None:
    """Why `team` (None: a new one) cannot stand below `parent`; None when it can."""
    if parent not in parents:
        return "Choose one of your teams."
    if team is not None and parent in subtree(team, parents):
        return "A team cannot stand below itself."
    if depth(parent, parents) + (height(team, parents) if team is not None else 1) > DEEPEST:
        return f"Teams can be {DEEPEST} levels deep."
    return None


def depth(team: UUID, parents: Mapping[UUID, Team]) -> int:
    """How many levels there are down to `team`, its own included."""
    levels, above = 1, parents[team]
    while above is not None:
        levels, above = levels + 1, parents[above]
    return levels


def height(team: UUID, parents: Mapping[UUID, Team]) -> int:
    """How many levels there are from `team` down, its own included."""
    return max(depth(each, parents) for each in subtree(team, parents)) - depth(team, parents) + 1


def grant_problems(grants: Grants) -> list[FieldProblem]:
    """What a role of one's own cannot be."""
    problems = [
        FieldProblem(f"grants.{permission}", "This is about the whole organization: it is given for all or not at all.")
        for permission, extent in grants.items()
        if permission not in REACHING and extent is not Extent.ALL
    ]
    for permission, does in ((Permission.LEADS_WRITE, "change"), (Permission.LEADS_EXPORT, "export")):
        if permission in grants and Permission.LEADS_READ not in grants:
            problems.append(FieldProblem(f"grants.{permission}", f"Whoever {does}s leads has to read them."))
        elif _wider(grants.get(permission), grants.get(Permission.LEADS_READ)):
            problems.append(FieldProblem(f"grants.{permission}", f"Nobody can {does} leads that they cannot read."))
    return problems


PLAIN = frozenset(
    {
        Permission.LEADS_READ,
        Permission.LEADS_WRITE,
        Permission.LEADS_EXPORT,
        Permission.EVENTS_WRITE,
        Permission.INSIGHT_READ,
        Permission.SESSIONS_OWN,
    }
)
"""What can be done without seeing every field. Who writes rules, imports files, makes keys or reads the audit trail has
ways of their own to all of them: to close some and leave these open would only look like privacy.
"""


def field_problems(fields: Mapping[LeadField, FieldLevel], grants: Grants) -> list[FieldProblem]:
    """Which fields a role of one's own cannot go without."""
    kept = {field: level for field, level in fields.items() if level is not FieldLevel.WRITE}
    problems = []
    if kept.get(LeadField.NAME) is FieldLevel.NONE:
        problems.append(FieldProblem("fields.name", "Whoever sees a lead sees its name."))
    if kept and (wide := sorted(grants.keys() - PLAIN)):
        names = ", ".join(wide)
        problems.append(FieldProblem("fields", f"A role that has {names} has every field: take one or the other away."))
    return problems


_ORDER = list(Extent)


def _wider(one: Extent | None, other: Extent | None) -> bool:
    return one is not None and other is not None and _ORDER.index(one) > _ORDER.index(other)


def may_give(scope: Scope, grants: Grants) -> bool:
    """Nobody gives, or takes, more than they have: owners, for one, are made by owners."""
    return all(
        scope.may(permission) and (extent is not Extent.ALL or scope.reach(permission).is_all)
        for permission, extent in grants.items()
    )


def is_oneself(scope: Scope, person: UUID | None) -> bool:
    return person is not None and scope.person == person


class Sight(Enum):
    """How much somebody sees of another's absences and days off."""

    NOTHING = auto()
    TIMES = auto()
    ALL = auto()


def sight_of_times(scope: Scope, person: UUID, team: Team) -> Sight:
    """Everything of one's own, and for whoever manages people; when, but not why, for whoever makes rules of
    assignment, of those whose leads they reach.
    """
    if scope.may(Permission.PEOPLE_MANAGE) or is_oneself(scope, person):
        return Sight.ALL
    if scope.may(Permission.ROUTING_MANAGE) and scope.reach(Permission.LEADS_READ).holds(person, team):
        return Sight.TIMES
    return Sight.NOTHING
