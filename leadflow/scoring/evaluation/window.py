"""The product's own way with labels (`scoring.labels`), as a policy beside the others."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.labels import Labels, Lesson, Window


class ProductWindow:
    """Still open after a window means lost, and is taken back when it is won after all; satisfies `policies.Policy`.

    Labels make vectors of leads themselves. Here they are given leads that say their number and nothing else, so that
    each lesson finds its way back to the features of the row.
    """

    def __init__(self) -> None:
        self._labels = Labels(Window())
        self._vectors: dict[int, Mapping[str, float]] = {}

    def open(self, key: int, at: float, x: Mapping[str, float]) -> Iterable[Lesson]:
        self._vectors[key] = x
        self._labels.see(UUID(int=key), at, _lead(key), _lead(key))
        return ()

    def close(self, key: int, at: float, won: bool) -> Iterable[Lesson]:  # noqa: FBT001 - an outcome
        return self._lessons(self._labels.close(UUID(int=key), at, _lead(key), won=won))

    def advance(self, to: float) -> Iterable[Lesson]:
        return self._lessons(self._labels.advance(to))

    def _lessons(self, told: Iterable[Lesson]) -> Iterator[Lesson]:
        for x, won, weight in told:
            (name,) = x
            yield Lesson(self._vectors[int(name.partition("=")[2])], won, weight)


def _lead(key: int) -> LeadFeatures:
    return LeadFeatures({"row": str(key)})
