"""What the numbers of a decision mean, in plain words: pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from pydantic import ValidationError

from leadflow.routing.dealing import HAD_IT
from leadflow.routing.eligibility import ABSENT, AT_CAPACITY, HOLIDAY, OFF_SHIFT, is_holiday
from leadflow.routing.fairness import UNIT, Standing, virtual_time
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import SUSPENDED, Need

OUT: Final = {
    SUSPENDED: "Suspended",
    ABSENT: "Away",
    HAD_IT: "Had it before, and did not get in touch in time",
    HOLIDAY: "Has a day off",
    OFF_SHIFT: "Outside their working hours",
    AT_CAPACITY: "Has as many leads as the rule gives them",
}
KIN: Final = {"person": "had this lead before", "company": "has another lead of the company"}


def standings(strategy: str, options: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> list[str]:
    """For each candidate of a stored proof: why they could not be chosen, or how they stood before it."""
    present = [each for each in candidates if not each.get("out")]
    total, weights = virtual_time(Standing(start=each["start"], weight=each["weight"]) for each in present)
    by_load = _counts_open_leads(strategy, options)
    said = []
    for each in candidates:
        if each.get("out"):
            said.append(_out(each["out"]))
            continue
        behind = Fraction(total, weights) - each["start"]
        parts = [
            KIN.get(each["kin"], ""),
            _counted(each["open"], "open lead") if by_load else "",
            "" if by_load and not behind else _share(behind * each["weight"] / UNIT),
            f"weighs {each['weight']}" if each["weight"] > 1 else "",
            f"{_counted(each['credits'], 'turn')} owed" if each["credits"] > 0 else "",
        ]
        words = ", ".join(part for part in parts if part)
        said.append(words[0].upper() + words[1:])
    return said


def _out(why: str) -> str:
    """
    >>> _out("absent"), _out("holiday"), _out("holiday: Christmas Day")
    ('Away', 'Has a day off', 'Holiday: Christmas Day')
    """
    return OUT.get(why) or (why[0].upper() + why[1:] if is_holiday(why) else why)


def _counts_open_leads(strategy: str, options: Mapping[str, Any]) -> bool:
    """Whether open leads were counted at all; of a strategy that is gone nobody knows."""
    member = shelf().get(strategy)
    if member is None:
        return False
    try:
        return Need.OPEN in member.needs(member.options.model_validate(dict(options)))
    except ValidationError:
        return False


def _share(leads: Fraction) -> str:
    """
    >>> [_share(Fraction(each)) for each in ("0.04", "0.5", "-1.25")]
    ['has their share', '0.5 leads short of their share', '1.3 leads ahead of their share']
    """
    tenths = abs(round(float(leads) * 10 + (1e-9 if leads > 0 else -1e-9)))
    if not tenths:
        return "has their share"
    amount = "1 lead" if tenths == 10 else f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} leads"
    return f"{amount} {'short' if leads > 0 else 'ahead'} of their share"


def _counted(count: int, noun: str) -> str:
    """
    >>> _counted(1, "turn"), _counted(0, "turn")
    ('1 turn', '0 turns')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"
