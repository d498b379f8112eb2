"""Round robin, fairly: whoever has had the fewest turns is next."""

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from uuid import UUID


def deal(leads: Iterable[UUID], turns: Mapping[UUID, int]) -> dict[UUID, UUID]:
    """Give each lead to the person with the fewest turns, ties by id; {lead: person}, empty without people.

    Over any sequence of deals no two people are more than one turn apart, unless they started so.
    """
    heap = [(count, person) for person, count in turns.items()]
    heapify(heap)
    dealt: dict[UUID, UUID] = {}
    if not heap:
        return dealt
    for lead in leads:
        count, person = heappop(heap)
        dealt[lead] = person
        heappush(heap, (count + 1, person))
    return dealt


def entering(turns: Mapping[UUID, int], people: Iterable[UUID]) -> dict[UUID, int]:
    """Turns of all `people`; somebody new starts level with whoever has had the fewest, not at zero."""
    known = {person: turns[person] for person in people if person in turns}
    floor = min(known.values(), default=0)
    return {person: known.get(person, floor) for person in people}
