"""What is told of one lead: the insights with enough evidence, and the next steps by urgency. Pure."""

from collections.abc import Iterable
from typing import Any, Final

from leadflow.intelligence.action import Advice
from leadflow.intelligence.insight import Case, Counts, Insight, Told
from leadflow.intelligence.shelf import all_actions, all_insights
from leadflow.kernel.clock import milliseconds

MOST_STEPS: Final = 3


def asks(case: Case) -> set[tuple[str, str]]:
    """The topics and parts of the counts that anything on the shelves asks for."""
    members: Iterable[Any] = (*all_insights().values(), *all_actions().values())
    return {asked for member in members for asked in member.asks(case)}


def told(case: Case, counts: Counts) -> dict[str, Any]:
    """Insights in the order of the shelf, steps most urgent first; nothing for a lead that is closed."""
    if not case.story.is_open:
        return {"insights": [], "steps": []}
    found = [(name, each, each.tell(case, counts)) for name, each in all_insights().items()]
    advice = {name: each.judge(case, counts) for name, each in all_actions().items()}
    steps = [_step(name, each) for name, each in sorted(advice.items(), key=_rank) if each is not None]
    return {
        "insights": [_insight(name, insight, told) for name, insight, told in found if told is not None],
        "steps": steps[:MOST_STEPS],
    }


def _rank(item: tuple[str, Advice | None]) -> tuple[float, str]:
    name, advice = item
    return -(advice.urgency if advice else 0.0), name


def _insight(name: str, insight: Insight, told: Told) -> dict[str, Any]:
    return {
        "name": name,
        "title": insight.title,
        "text": told.text,
        "why": told.why,
        "evidence": told.evidence,
        "minimum": told.minimum,
        "missing": told.missing,
        "unit": told.unit,
        "starts_at": milliseconds(told.starts_at) if told.starts_at else None,
        "ends_at": milliseconds(told.ends_at) if told.ends_at else None,
    }


def _step(name: str, advice: Advice) -> dict[str, Any]:
    return {
        "name": name,
        "does": advice.does.value,
        "label": advice.label,
        "reason": advice.reason,
        "basis": advice.basis.value,
        "evidence": advice.evidence,
        "unit": advice.unit,
    }
