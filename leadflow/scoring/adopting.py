"""An additive model that takes in what was trained elsewhere: one expert more, whose weights are adopted as a whole.

Outcomes do not change them, only how much they count: until some were adopted there is no such expert, and from then on
its share has to be earned like that of any other.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

from leadflow.scoring.additive import Additive, Seat, View
from leadflow.scoring.encoding import Encoder
from leadflow.scoring.experts import Adopted
from leadflow.scoring.weights import Curve, Origin, Tables

FIRST_SHARE: Final = 0.5
"""Of that expert, when weights are adopted for the first time."""


class Adopting(Additive):
    """Satisfies `scoring.learning.OnlineModel`. It adopts tables of one origin, and passes others over."""

    def __init__(self, seats: Sequence[Seat], origin: Origin) -> None:
        super().__init__(seats)
        self.origin = origin
        self._adopted: Adopted | None = None

    @property
    def encoder(self) -> Encoder:
        """How it sees leads: what trees for it are trained on."""
        return self._encoder

    def adopt(self, origin: Origin, tables: Tables) -> None:
        if origin is not self.origin:
            return
        adopted = self._adopted or self._seat()
        adopted.bias = tables.base - self._base()
        for name, slot in self._encoder.categories().items():
            adopted.weights[slot] = tables.categories.get(name, 0.0)
        for name, first, cuts in self._encoder.intervals():
            for place, weight in enumerate(_along(cuts, tables.curves.get(name))):
                adopted.weights[first + place] = weight
        self._settle()

    def _seat(self) -> Adopted:
        adopted = self._adopted = Adopted()
        adopted.grow(len(self._encoder.names))
        self._experts.append(adopted)
        self._views.append(View.BINNED)
        self._shares = [share * (1.0 - FIRST_SHARE) for share in self._shares] + [FIRST_SHARE]
        return adopted

    def _fresh(self) -> "Adopting":
        return Adopting(self._seats, self.origin)

    def _restore(self, stored: Mapping[str, Any]) -> None:
        if len(stored["experts"]) > len(self._experts):
            self._seat()
        super()._restore(stored)


def _along(cuts: Sequence[float], curve: Curve | None) -> list[float]:
    """The weights of intervals that are cut here. The curve is as a rule cut in the same places, and otherwise read
    where each interval begins.
    """
    if curve is None:
        return [0.0] * (len(cuts) + 1)
    return [curve.weights[0]] + [curve.weights[bisect_right(curve.cuts, cut)] for cut in cuts]
