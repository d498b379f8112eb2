"""How leads end and how long that takes, over all of them and by where they came from: pure."""

from typing import Final

from leadflow.intelligence.insight import Cell, Counted, Counts
from leadflow.intelligence.statistics import Lives
from leadflow.intelligence.story import Story

OPEN, WON, LOST = "open", "won", "lost"
OPEN_FROM, WON_FROM, LOST_FROM = "open from", "won from", "lost from"
"""The same, by source."""
BAD_FROM: Final = "bad address from"
VALUE_FROM: Final = "value from "
"""Followed by a currency: what was won, in minor units."""
BY_SOURCE: Final = (OPEN_FROM, WON_FROM, LOST_FROM)


def cells(story: Story) -> Counted:
    """One lead: open since a day (days since 1970), or won or lost after so many days."""
    if story.opened is None:
        return
    bucket = bucket_of(story)
    yield Cell(story.outcome or OPEN, "", bucket), 1
    yield Cell(f"{story.outcome or OPEN} from", story.source, bucket), 1
    if story.is_bad:
        yield Cell(BAD_FROM, story.source), 1
    if story.outcome == WON and story.value:
        yield Cell(f"{VALUE_FROM}{story.currency}", story.source), story.value


def bucket_of(story: Story) -> int:
    """Under which day it is counted."""
    return story.days if story.outcome else story.opened_day


def lives(counts: Counts, today: int, source: str | None = None) -> Lives:
    """All leads, or those of a source; `today` in days since 1970."""
    topics, part = ((OPEN, WON, LOST), "") if source is None else (BY_SOURCE, source)
    open_, won, lost = (counts.by_bucket(topic, part) for topic in topics)
    ages: dict[int, int] = {}
    for day, leads in open_.items():
        ages[max(today - day, 0)] = ages.get(max(today - day, 0), 0) + leads
    return Lives(won, lost, ages)
