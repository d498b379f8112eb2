"""Everything on the two shelves, and what a story adds to the counts of all of it."""

from collections import Counter
from collections.abc import Callable
from functools import cache

from leadflow.intelligence import actions, insights
from leadflow.intelligence.action import Action
from leadflow.intelligence.insight import Cell, Counted, Insight
from leadflow.intelligence.story import Story
from leadflow.kernel.registry import discover


@cache
def all_insights() -> dict[str, Insight]:
    """By name, in the order in which screens show them."""
    found = discover(insights.__name__, Insight, "INSIGHT")
    return dict(sorted(found.items(), key=lambda item: (item[1].position, item[0])))


@cache
def all_actions() -> dict[str, Action]:
    return discover(actions.__name__, Action, "ACTION")


@cache
def _counting() -> tuple[Callable[[Story], Counted], ...]:
    insights_, actions_ = all_insights().values(), all_actions().values()
    return (*(each.cells for each in insights_), *(each.cells for each in actions_))


def counted(story: Story) -> Counter[Cell]:
    """What one lead contributes to its organization's counts."""
    cells: Counter[Cell] = Counter()
    for count in _counting():
        for cell, amount in count(story):
            cells[cell] += amount
    return cells
