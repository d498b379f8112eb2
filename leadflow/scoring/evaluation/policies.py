"""When is a lead without an outcome an example of a lost one? Each policy answers in its own way.

A policy hears what a firm would hear, when it would hear it: a lead was scored, a lead was won (or lost), time has
passed. It hands out lessons, and never knows more than that; only `Oracle` is told the end at the beginning, as the
bound for all others.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from leadflow.scoring.labels import Lesson


class Policy(Protocol):
    """`at` and `to` are days since 2020 and never go backwards. `x` is handed on as it was given, not as a copy."""

    def open(self, key: int, at: float, x: Mapping[str, float]) -> Iterable[Lesson]:
        """A lead was scored."""
        ...

    def close(self, key: int, at: float, won: bool) -> Iterable[Lesson]:  # noqa: FBT001 - an outcome
        """Its outcome has become known."""
        ...

    def advance(self, to: float) -> Iterable[Lesson]:
        """It is later now, and whatever waits for time to pass can be learned."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy is made of: the number of days after which a lead is lost, and, for the oracle, all outcomes."""

    horizon: float | None
    truth: Mapping[int, bool]


class Oracle:
    """Learns the true end of each lead at once: there is no delay, or somebody can see into the future."""

    def __init__(self, terms: Terms) -> None:
        self._truth = terms.truth

    def open(self, key: int, at: float, x: Mapping[str, float]) -> Iterable[Lesson]:  # noqa: ARG002 - of the protocol
        return (Lesson(x, self._truth[key]),)

    def close(self, key: int, at: float, won: bool) -> Iterable[Lesson]:  # noqa: ARG002, FBT001 - of the protocol
        return ()

    def advance(self, to: float) -> Iterable[Lesson]:  # noqa: ARG002 - of the protocol
        return ()


class Wait:
    """Learns each lead when its horizon has passed, won and lost alike: fair to both, and always late."""

    def __init__(self, terms: Terms) -> None:
        self._horizon = _needed(terms)
        self._open: deque[tuple[float, int, Mapping[str, float]]] = deque()
        self._won: set[int] = set()

    def open(self, key: int, at: float, x: Mapping[str, float]) -> Iterable[Lesson]:
        self._open.append((at + self._horizon, key, x))
        return ()

    def close(self, key: int, at: float, won: bool) -> Iterable[Lesson]:  # noqa: ARG002, FBT001 - of the protocol
        if won:
            self._won.add(key)
        return ()

    def advance(self, to: float) -> Iterator[Lesson]:
        while self._open and self._open[0][0] < to:
            _, key, x = self._open.popleft()
            won = key in self._won
            self._won.discard(key)
            yield Lesson(x, won)


class Arrival:
    """Learns each outcome when it is told, and whatever is still open at its horizon as lost.

    The natural thing to do, and biased: wins are told early and losses late, so what is young looks all won.
    """

    def __init__(self, terms: Terms) -> None:
        self._horizon = _needed(terms)
        self._due: deque[tuple[float, int]] = deque()
        self._open: dict[int, Mapping[str, float]] = {}

    def open(self, key: int, at: float, x: Mapping[str, float]) -> Iterable[Lesson]:
        self._due.append((at + self._horizon, key))
        self._open[key] = x
        return ()

    def close(self, key: int, at: float, won: bool) -> Iterable[Lesson]:  # noqa: ARG002, FBT001 - of the protocol
        x = self._open.pop(key, None)
        return () if x is None else (Lesson(x, won),)

    def advance(self, to: float) -> Iterator[Lesson]:
        while self._due and self._due[0][0] < to:
            x = self._open.pop(self._due.popleft()[1], None)
            if x is not None:
                yield Lesson(x, won=False)


def _needed(terms: Terms) -> float:
    if terms.horizon is None:
        raise ValueError("This policy needs a horizon.")
    return terms.horizon
