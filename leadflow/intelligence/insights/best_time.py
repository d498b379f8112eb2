"""Best time to contact: the next two hours of the lead's week in which calls, or e-mails, are answered most often.

Of the windows of the next five days that are better than any time by more than chance, and by more than a seventh,
those within a tenth of the best one's smoothed rate are as good; the first of them is told. A lead that has answered
three times in some hours needs nobody else's evidence for them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from leadflow.intelligence import reach
from leadflow.intelligence.insight import Case, Counts, Insight, Told
from leadflow.intelligence.reach import HOURS, MINIMUM, OWN_ENOUGH, UNITS, Channel
from leadflow.intelligence.wording import counted, percent
from leadflow.intelligence.zones import zone

DAYS_AHEAD: Final = 5
AS_GOOD: Final = 0.9
STANDS_OUT: Final = 1.15
LEFT: Final = timedelta(minutes=30)
"""A window that is about to close is no advice."""
_VERBS: Final = {"call": "of calls then reach somebody", "email": "of e-mails sent then are answered"}


@dataclass(frozen=True, slots=True)
class Window:
    starts_at: datetime
    rate: float
    tries: int


def tell(case: Case, counts: Counts) -> Told | None:
    """None where nobody may be contacted, where the zone is kept from the reader, or where no time stands out."""
    name = _channel_for(case, counts)
    if not name or not case.sees("country"):
        return None
    known, own = reach.channel(counts, name), reach.own(case.story, name)
    if not known.is_known:
        return Told(evidence=known.tries, minimum=MINIMUM, unit=UNITS[name])
    found = _best(case, known, own)
    if found is None:
        return None
    return _told(case, name, found, known, own)


def _channel_for(case: Case, counts: Counts) -> str:
    """By phone where there is a number, unless only e-mails have been tried often enough."""
    possible = [name for name, field in (("call", "phone"), ("email", "email")) if case.lead.get(field)]
    if case.story.unsubscribed:
        possible = [name for name in possible if name != "email"]
    known = [name for name in possible if reach.channel(counts, name).is_known]
    return (known or possible or [""])[0]


def _best(case: Case, known: Channel, own: Channel) -> Window | None:
    windows = [
        Window(starts_at, known.rate_in(slot, own), known.in_hours(slot)[1])
        for starts_at, slot in _coming(case)
        if known.stands_out(slot) or own.in_hours(slot)[0] >= OWN_ENOUGH
    ]
    best = max((window.rate for window in windows), default=0.0)
    good = [window for window in windows if window.rate >= max(AS_GOOD * best, STANDS_OUT * known.rate)]
    return good[0] if good else None


def _coming(case: Case) -> list[tuple[datetime, int]]:
    """The windows of the next days in the order of time, with their hours of the week; also one that is open."""
    here = zone(case.story.zone or case.usual_zone)
    local = case.now.astimezone(here).replace(tzinfo=None)
    first = local.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    starts = [first + timedelta(hours=hour) for hour in range(DAYS_AHEAD * 24)]
    return [
        (start.replace(tzinfo=here), start.weekday() * 24 + start.hour)
        for start in starts
        if start + timedelta(hours=HOURS) - local >= LEFT and start.hour <= 24 - HOURS
    ]


def _told(case: Case, name: str, window: Window, known: Channel, own: Channel) -> Told:
    start = window.starts_at
    when = f"{start:%A} {start.hour:02}–{start.hour + HOURS:02}"
    theirs = " their time" if case.story.zone else ""
    lead = f", and {counted(own.answers, 'answer')} of its own" if own.answers >= OWN_ENOUGH else ""
    why = (
        f"{percent(window.rate)} {_VERBS[name]}, {percent(known.rate)} at any time. "
        f"From {counted(known.tries, UNITS[name][:-1])}, {window.tries:,} of them in these hours{lead}."
    )
    ends_at = (start.replace(tzinfo=None) + timedelta(hours=HOURS)).replace(tzinfo=start.tzinfo)
    text = f"{'Now, ' if start <= case.now else ''}{when}{theirs}"
    return Told(text, why, known.tries, MINIMUM, UNITS[name], start, ends_at)


INSIGHT = Insight(
    title="Best time",
    cells=reach.cells,
    asks=lambda _: reach.asks(),
    tell=tell,
    position=10,
)
