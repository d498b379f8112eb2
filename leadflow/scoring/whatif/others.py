"""What is known of an organization's other leads: which values a fact has, and how often. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from leadflow.scoring.attributes import CUSTOM, NUMBER, OWN, Value

MOST_OUTCOMES: Final = 12
MOST_OWN: Final = 8

Facts = Mapping[str, Value]


class Outcome(NamedTuple):
    """Facts that other leads have, and how many of them do."""

    facts: Facts
    leads: int


class Others:
    """The facts of some leads."""

    def __init__(self, leads: Sequence[Facts]) -> None:
        self._leads = leads

    def own_attributes(self, without: Facts) -> list[str]:
        """The organization's own fields that most of the others have and this lead has not, the most frequent first."""
        seen = Counter(name for facts in self._leads for name in facts if name.startswith(OWN))
        known = {_field(name) for name in without if name.startswith(OWN)}
        ranked = sorted(seen, key=lambda name: (-seen[name], name))
        return [name for name in ranked if _field(name) not in known][:MOST_OWN]

    def outcomes(self, attributes: Sequence[str]) -> list[Outcome]:
        """What these attributes are, together, where the first of them is known; the most frequent first.

        Numbers stand for equally many leads each, from the smallest to the largest.
        """
        first = attributes[0]
        having = [facts for facts in self._leads if first in facts]
        if first.startswith(NUMBER):
            return _spread(first, [float(facts[first]) for facts in having])
        counts = Counter(tuple((name, facts[name]) for name in attributes if name in facts) for facts in having)
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
        return [Outcome(dict(each), leads) for each, leads in ranked[:MOST_OUTCOMES]]


def _field(attribute: str) -> str:
    """A field may hold words for one lead and numbers for another."""
    return attribute.removeprefix(CUSTOM).removeprefix(NUMBER)


def _spread(attribute: str, values: Iterable[float]) -> list[Outcome]:
    ordered = sorted(values)
    count = len(ordered)
    groups = min(count, MOST_OUTCOMES)
    cuts = [place * count // groups for place in range(groups + 1)] if groups else []
    return [Outcome({attribute: ordered[(start + end - 1) // 2]}, end - start) for start, end in pairwise(cuts)]
