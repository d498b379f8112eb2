"""Whose leads a pool rests on, and what of them it may speak of. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from leadflow.scoring.attributes import OWN
from leadflow.scoring.labels import Example, Lesson, Told, Vector

FEWEST_ORGANIZATIONS: Final = 3
"""Besides the one that it is for: in a pool, and with leads that have a feature it speaks of."""
FEWEST_OUTCOMES: Final = 10
"""Won leads and as many lost ones that an organization has to have, to be one of them."""
FEWEST_LEADS: Final = 20
"""Leads that share a feature before the pool tells it apart, in all organizations together."""
MOST_FEATURES: Final = 400
MOST_ATTRIBUTES: Final = 64
"""Those that most organizations have. A model has room for twice as many, the other half is for what is its own."""

Member = Sequence[Example]
"""The leads of one organization."""


def heard(members: Sequence[Member]) -> list[Member]:
    """The organizations that have seen enough to teach others; none where there are too few of them.

    >>> some = [Example(0.0, 0.0, None, {}, told) for told in (Told.WON, Told.LOST) for _ in range(FEWEST_OUTCOMES)]
    >>> [len(heard([some] * organizations + [some[1:]])) for organizations in (2, 3)]
    [0, 3]
    """
    found = [member for member in members if min(_outcomes(member)) >= FEWEST_OUTCOMES]
    return found if len(found) >= FEWEST_ORGANIZATIONS else []


def shared(members: Sequence[Member]) -> frozenset[str]:
    """The features that may be spoken of: enough organizations have them, and enough leads. Fields of an
    organization's own never are.
    """
    organizations: defaultdict[str, int] = defaultdict(int)
    leads: defaultdict[str, int] = defaultdict(int)
    for member in members:
        seen: set[str] = set()
        for example in member:
            names = _features(example)
            seen |= names
            for name in names:
                leads[name] += 1
        for name in seen:
            organizations[name] += 1
    common = [
        (-organizations[name], -count, name)
        for name, count in leads.items()
        if organizations[name] >= FEWEST_ORGANIZATIONS and count >= FEWEST_LEADS and not name.startswith(OWN)
    ]
    return frozenset(_widest([name for _, _, name in sorted(common)]))


def lessons(member: Member, features: frozenset[str]) -> list[Lesson]:
    """What is learned from an organization, of these features alone."""
    return [Lesson(_only(x, features), won, weight) for example in member for x, won, weight in example.lessons()]


def _outcomes(member: Member) -> tuple[int, int]:
    won = sum(example.told is Told.WON for example in member)
    return won, len(member) - won


def _features(example: Example) -> set[str]:
    return {name for x in (example.first or {}, example.last) for name, value in x.items() if value > 0.0}


def _widest(names: Sequence[str]) -> list[str]:
    kept: list[str] = []
    attributes: set[str] = set()
    for name in names:
        attribute = name.partition("=")[0]
        if attribute in attributes or len(attributes) < MOST_ATTRIBUTES:
            attributes.add(attribute)
            kept.append(name)
    return kept[:MOST_FEATURES]


def _only(x: Vector, features: frozenset[str]) -> Mapping[str, float]:
    return {name: value for name, value in x.items() if name in features}
