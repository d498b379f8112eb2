"""Whose turn it is: weighted fair queueing in virtual time, exact in whole numbers.

Every lead moves whoever takes it ahead by one over their weight. The virtual time of a rule is the weighted mean of
where those stand whom it can choose; whoever is not ahead of it may be next, and of these whoever is due first is.
So nobody who stays is ever a whole lead away from their ideal share. docs/decisions/0017 has the sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

HEAVIEST = 20
UNIT = 232_792_560
"""One lead of weight one; every weight up to `HEAVIEST` divides it."""


class Fare(StrEnum):
    """What a lead costs whoever takes it."""

    TURN = "turn"
    CREDIT = "credit"
    """A turn that was given back before."""
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in one rule's ledger.

    `start` is the virtual time of their next lead, `turn` the number of the decision that last chose them, `seen` of
    the last one that could have, `given` how many leads they had, `credits` how many turns are owed back to them.
    """

    start: int = 0
    weight: int = 1
    turn: int = 0
    seen: int = 0
    given: int = 0
    credits: int = 0

    @property
    def due(self) -> int:
        return self.start + UNIT // self.weight


def virtual_time(standings: Iterable[Standing]) -> tuple[int, int]:
    """The weighted mean of the starts, as numerator and denominator; (0, 1) of nobody.

    >>> virtual_time([Standing(start=10, weight=1), Standing(start=40, weight=2)])
    (90, 3)
    """
    total = weights = 0
    for each in standings:
        total += each.start * each.weight
        weights += each.weight
    return (total, weights) if weights else (0, 1)


class Ledger:
    """One rule's standings while a batch is dealt."""

    def __init__(self, standings: Mapping[UUID, Standing]) -> None:
        self._standings = dict(standings)
        self.number = max((each.seen for each in standings.values()), default=0)
        self._present = {person: each.weight for person, each in standings.items() if each.seen == self.number > 0}
        self._entered: Mapping[UUID, int] | None = None

    def __getitem__(self, person: UUID) -> Standing:
        return self._standings[person]

    def enter(self, present: Mapping[UUID, int]) -> None:
        """These can be chosen now, with these weights.

        Whoever could not be a moment ago, or weighs something else now, enters at the virtual time of the others: owed
        nothing for what they missed, and owing nothing.
        """
        if present is self._entered or present == self._present or not present:
            return
        staying = [person for person, weight in present.items() if self._present.get(person) == weight]
        total, weights = virtual_time(self._standings[person] for person in staying or self._present)
        now = -(-total // weights)
        for person in present.keys() - set(staying):
            known = self._standings.get(person, Standing())
            self._standings[person] = replace(known, start=now, weight=present[person])
        for person in staying:  # whoever else comes and goes, nobody takes along more than a lead
            known = self._standings[person]
            lead = UNIT // known.weight
            self._standings[person] = replace(known, start=min(max(known.start, now - lead), now + lead))
        self._present, self._entered = dict(present), present

    def give(self, person: UUID, fare: Fare) -> Standing:
        """One of those who entered has been chosen, or somebody has helped themselves; says where they stand now."""
        self.number += 1
        before = self._standings.get(person, Standing())
        after = replace(
            before,
            start=before.due if fare is Fare.TURN else before.start,
            credits=before.credits - (fare is Fare.CREDIT),
            turn=self.number,
            given=before.given + 1,
        )
        self._standings[person] = after
        return after

    def standings(self) -> dict[UUID, Standing]:
        """What is to be stored."""
        return {
            person: replace(each, seen=self.number) if person in self._present else each
            for person, each in self._standings.items()
        }
