"""An additive model that takes in what was trained elsewhere: one expert more, whose weights are adopted as a whole.

Outcomes do not change them, only how much they count: until some were adopted there is no such expert, and from then on
its share has to be earned like that of any other.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from leadflow.scoring.additive import PRIOR_OUTCOMES, Additive, Seat, View
from leadflow.scoring.encoding import Encoder
from leadflow.scoring.experts import Adopted
from leadflow.scoring.weights import Curve, Origin, Tables

FIRST_SHARE: Final = {Origin.TREES: 0.5, Origin.POOL: 0.2}
"""Of that expert, when weights are adopted for the first time. Where there are few outcomes of one's own, a small share
of what others know orders leads as well as a large one, and where it is wrong it does less harm.
"""


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
        if origin is Origin.POOL:
            self._admit(tables.names)
        adopted = self._adopted or self._seat()
        for name, slot in self._encoder.categories().items():
            adopted.weights[slot] = tables.categories.get(name, 0.0)
        for name, first, cuts in self._encoder.intervals():
            for place, weight in enumerate(_along(cuts, tables.curves.get(name))):
                adopted.weights[first + place] = weight
        adopted.bias = self._offset(adopted, tables)
        self._settle()

    def _admit(self, names: Iterable[str]) -> None:
        """What others know of is known from now on, before a lead of one's own has it."""
        self._encoder.admit(dict.fromkeys(names, 1.0))
        self._grow()

    def _offset(self, adopted: Adopted, tables: Tables) -> float:
        """Trees say how likely a win is. A pool says what tells leads apart, and the average lead is one's own: that of
        the others stands for it as long as there are few, like the rate of wins before there are any.
        """
        if self.origin is Origin.TREES:
            return tables.base - self._base()
        own = sum([weight * total for weight, total in zip(adopted.weights, self._sums, strict=True)])
        return (PRIOR_OUTCOMES * tables.base - own) / (PRIOR_OUTCOMES + self.wins + self.losses)

    def _seat(self) -> Adopted:
        adopted = self._adopted = Adopted()
        adopted.grow(len(self._encoder.names))
        self._experts.append(adopted)
        self._views.append(View.BINNED)
        first = FIRST_SHARE[self.origin]
        self._shares = [share * (1.0 - first) for share in self._shares] + [first]
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
