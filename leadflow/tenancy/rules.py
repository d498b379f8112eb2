"""Pure decisions of tenancy: what a tree of teams must be, who gives whom which rights, who sees whose free time."""

from collections.abc import Mapping
from enum import Enum, auto
from uuid import UUID

from leadflow.kernel.errors import FieldProblem
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent, Team, subtree
from leadflow.kernel.scope import ActorKind, Scope
from leadflow.tenancy.permissions import REACHING, Grants

DEEPEST = 8
MOST_TEAMS = 500


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
    if Permission.LEADS_WRITE in grants and Permission.LEADS_READ not in grants:
        problems.append(FieldProblem("grants.leads.write", "Whoever changes leads has to read them."))
    elif _wider(grants.get(Permission.LEADS_WRITE), grants.get(Permission.LEADS_READ)):
        problems.append(FieldProblem("grants.leads.write", "Nobody can change leads that they cannot read."))
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
    return person is not None and scope.actor.kind is ActorKind.PERSON and scope.actor.id == person


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
