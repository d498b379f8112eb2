"""Reach: how far a permission goes, from one's own leads to everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID


class Extent(StrEnum):
    """What a role is given, relative to whoever has the role. Wider ones stand further down."""

    OWN = "own"
    TEAM = "team"
    SUBTREE = "subtree"
    ALL = "all"


Team = UUID | None
"""None is the organization itself: the root of its tree of teams, where everybody is who is in no team."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which leads somebody reaches: all (`teams` is None), those of some teams, or those that are `person`'s own.

    A lead belongs to its owner's team, so whoever reaches a team reaches what its people own.
    """

    teams: frozenset[Team] | None = None
    person: UUID | None = None

    @property
    def is_all(self) -> bool:
        return self.teams is None

    @property
    def mark(self) -> str:
        """Equal reaches have equal marks; a mark tells nobody which teams there are."""
        if self.teams is None:
            return ""
        parts = sorted(str(team) for team in self.teams)
        return blake2b("|".join([str(self.person), *parts]).encode(), digest_size=8).hexdigest()

    def holds(self, owner: UUID | None, team: Team) -> bool:
        """The same as `clause`, for a lead that is at hand."""
        return self.teams is None or team in self.teams or (owner is not None and owner == self.person)

    def clause(self, alias: str, *, before: bool = False, name: str = "reach") -> tuple[str, Mapping[str, object]]:
        """SQL that holds for rows of `lead` within reach, and its values; empty where everything is.

        Without OR wherever a reach is one that a role can give, so that an index can answer. With `before`, for those
        that were within reach until their owner or team last changed. Of two reaches in one
        statement, one gives its values another `name`.
        """
        if self.teams is None:
            return "", {}
        was = "was_" if before else ""
        parts: list[str] = []
        values: dict[str, object] = {}
        if known := sorted(team for team in self.teams if team is not None):
            parts.append(f"{alias}.{was}team_id = ANY(:{name}_teams)")
            values[f"{name}_teams"] = known
        if None in self.teams:
            parts.append(f"{alias}.{was}team_id IS NULL")
        if self.person is not None:
            parts.append(f"{alias}.{was}owner_id = :{name}_person")
            values[f"{name}_person"] = self.person
        if not parts:
            return " AND false", {}
        return (f" AND {parts[0]}" if len(parts) == 1 else f" AND ({' OR '.join(parts)})"), values


ALL = Reach()
NOTHING = Reach(frozenset())


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in the tree: their team, and it with every team below."""

    person: UUID | None
    team: Team = None
    subtree: frozenset[Team] = frozenset({None})


def reach_of(extent: Extent, place: Place) -> Reach:
    """What an extent means for somebody at `place`. Below the root is everything.

    >>> reach_of(Extent.SUBTREE, Place(None)).is_all, reach_of(Extent.TEAM, Place(None)).teams
    (True, frozenset({None}))
    """
    match extent:
        case Extent.OWN:
            return Reach(frozenset(), place.person)
        case Extent.TEAM:
            return Reach(frozenset({place.team}))
        case Extent.SUBTREE:
            return ALL if place.team is None else Reach(place.subtree)
        case Extent.ALL:
            return ALL


def subtree(team: UUID, parents: Mapping[UUID, Team]) -> frozenset[UUID]:
    """The team and every team below it; `parents` names each team's own."""
    below: dict[Team, list[UUID]] = {}
    for child, parent in parents.items():
        below.setdefault(parent, []).append(child)
    found: set[UUID] = set()
    todo: list[UUID] = [team]
    while todo:
        each = todo.pop()
        if each not in found:
            found.add(each)
            todo.extend(below.get(each, ()))
    return frozenset(found)
