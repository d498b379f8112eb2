"""What happens to a model, in the order in which it happens: it is asked about a lead, and then it is taught."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from leadflow.scoring.evaluation.examples import Example, Vector
from leadflow.scoring.evaluation.policies import Policy
from leadflow.scoring.labels import Lesson


@dataclass(frozen=True, slots=True)
class Ask:
    """Predict this lead; its outcome is not known to anybody."""

    row: Example


class Teach(NamedTuple):
    """Learn from this lead, as in `Lesson`."""

    row: Example
    won: bool
    weight: float


def steps(rows: Sequence[Example], policy: Policy) -> Iterator[Ask | Teach]:
    """Test, then train, over rows in time order.

    What became known at the very moment of a row is learned after it: a file with dates alone does not say which of a
    day's events came first.
    """
    by_number = {row.number: row for row in rows}
    due: list[tuple[float, int]] = []
    for row in rows:
        while due and due[0][0] < row.at:
            at, number = heappop(due)
            yield from _taught(by_number, policy.advance(at))
            yield from _taught(by_number, policy.close(number, at, by_number[number].won))
        yield from _taught(by_number, policy.advance(row.at))
        yield Ask(row)
        yield from _taught(by_number, policy.open(row.number, row.at, row.x))
        if row.known_at is not None:
            heappush(due, (row.known_at, row.number))


def _taught(rows: Mapping[int, Example], lessons: Iterable[Lesson]) -> Iterator[Teach]:
    for x, won, weight in lessons:
        if not isinstance(x, Vector):
            raise TypeError("A policy must hand on the features that it was given.")
        yield Teach(rows[x.number], won, weight)
