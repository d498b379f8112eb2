"""Days to decision: when leads that were open at this lead's age came to be won or lost.

Eight of ten are decided between the first and the last day that is told: the 10 % and 90 % quantiles of
1 − S(d)/S(age) by Kaplan and Meier, see `statistics.decided_by`. Leads of the same source are asked where enough of
them have been decided.
"""

from typing import Final

from leadflow.intelligence import lives
from leadflow.intelligence.insight import Case, Counts, Insight, Told
from leadflow.intelligence.statistics import Lives, decided_by, quantile
from leadflow.intelligence.wording import counted, in_days, percent

MINIMUM: Final = 20
"""Decisions at the lead's age or later."""
MINIMUM_OF_SOURCE: Final = 40
WORTH_TELLING: Final = 0.2
_TOPICS: Final = (lives.OPEN, lives.WON, lives.LOST)


def asks(case: Case) -> list[tuple[str, str]]:
    by_source = [(topic, case.story.source) for topic in lives.BY_SOURCE] if case.sees("source") else []
    return [(topic, "") for topic in _TOPICS] + by_source


def tell(case: Case, counts: Counts) -> Told | None:
    """None for a lead that has been open for longer than any that tells of its age."""
    if case.sees("source"):
        alike = lives.lives(counts, case.today, case.story.source)
        if alike.decided_from(case.age) >= MINIMUM_OF_SOURCE and (told := _told(case, alike, case.story.source)):
            return told
    everybody = lives.lives(counts, case.today)
    decided = everybody.decided_from(case.age)
    if decided < MINIMUM:
        is_missing = everybody.decided < MINIMUM
        return Told(evidence=everybody.decided, minimum=MINIMUM, unit="decisions") if is_missing else None
    return _told(case, everybody)


def _told(case: Case, alike: Lives, source: str = "") -> Told | None:
    curve = decided_by(alike, case.age)
    first, half, last = (quantile(curve, share) for share in (0.1, 0.5, 0.9))
    decided = alike.decided_from(case.age)
    whose = f" from {source}" if source else ""
    basis = f"From {counted(decided, 'lead')}{whose} decided at this age or later."
    if first is not None and last is not None:
        text = f"Usually decided {in_days(first - case.age, last - case.age)}"
        share = "Eight" if first > case.age else "Nine"
        return Told(text, f"{share} of ten are. {basis}", decided, MINIMUM, "decisions")
    if half is not None:
        text = f"Half are decided {in_days(0, half - case.age)}"
        return Told(text, f"The others stay open for longer. {basis}", decided, MINIMUM, "decisions")
    if curve and curve[-1][1] >= WORTH_TELLING and (days := curve[-1][0] - case.age) > 0:
        text = f"{percent(curve[-1][1])} are decided {in_days(0, days)}"
        return Told(text, f"That is how far back leads go. {basis}", decided, MINIMUM, "decisions")
    return None


INSIGHT = Insight(title="Decision", cells=lives.cells, asks=asks, tell=tell, position=20)
