"""Source quality: what leads from each source have come to. Pure.

The share won is an estimate for leads that are as old as the horizon, by `statistics.won_by`: leads that are too young
to judge count with what they have shown so far, and are told beside it. The horizon is the same for all sources, so
that a new one is not held against an old one: three times as long as half of the wins take, as far back as leads go.
"""

from typing import Any, Final

from leadflow.intelligence import lives
from leadflow.intelligence.insight import Counts
from leadflow.intelligence.statistics import FEWEST_AT_RISK, Lives, median, won_by

MINIMUM: Final = 20
"""Decided leads, before a share is told of a source."""
STRETCH: Final = 3
SHORTEST, LONGEST, USUAL = 7, 180, 30
FEWEST_WINS: Final = 10


def report(counts: Counts, today: int, *, with_value: bool = True, with_addresses: bool = True) -> dict[str, Any]:
    """Each source, the one with the most leads first; values in minor units, by currency."""
    everything = lives.lives(counts, today)
    horizon = horizon_of(everything)
    sources = sorted({cell.part for cell in counts.cells if cell.topic in lives.BY_SOURCE})
    items = [_item(counts, today, source, horizon) for source in sources]
    for item in items:
        if not with_value:
            item["won_value"] = None
        if not with_addresses:
            item["bad_addresses"] = None
    total = _figures(everything, horizon)
    return {
        "horizon_days": horizon,
        "minimum": MINIMUM,
        "total": total,
        "items": sorted(items, key=lambda item: (-item["leads"], item["source"])),
    }


def horizon_of(everything: Lives) -> int:
    """How old a lead has to be to be judged, in days; not older than there are leads to tell from."""
    half = median(everything.won)
    enough = half is not None and sum(everything.won.values()) >= FEWEST_WINS
    wanted = min(max(STRETCH * (half or 0), SHORTEST), LONGEST) if enough else USUAL
    seen = [step.day for step in everything.steps() if step.at_risk >= FEWEST_AT_RISK]
    return max(min(wanted, seen[-1] if seen else wanted), 1)


def _item(counts: Counts, today: int, source: str, horizon: int) -> dict[str, Any]:
    values = {
        cell.topic.removeprefix(lives.VALUE_FROM): amount
        for cell, amount in sorted(counts.cells.items())
        if cell.topic.startswith(lives.VALUE_FROM) and cell.part == source and amount
    }
    return {
        "source": source,
        **_figures(lives.lives(counts, today, source), horizon),
        "won_value": [{"currency": currency, "value": value} for currency, value in values.items()],
        "bad_addresses": counts.total(lives.BAD_FROM, source),
    }


def _figures(told: Lives, horizon: int) -> dict[str, Any]:
    found = won_by(told, horizon) if told.decided >= MINIMUM else None
    return {
        "leads": told.leads,
        "won": sum(told.won.values()),
        "lost": sum(told.lost.values()),
        "too_young": sum(count for age, count in told.open.items() if age < horizon),
        "median_days_to_win": median(told.won),
        "conversion": round(found.share, 4) if found else None,
        "conversion_low": round(found.range.low, 4) if found else None,
        "conversion_high": round(found.range.high, 4) if found else None,
        "evidence": round(found.evidence) if found else told.decided,
        "missing": 0 if found else MINIMUM - told.decided,
    }
