"""The course of a lead's score over the last two weeks, small enough to travel with every row: pure.

At most eight points, each a minute and the score from then on; a score holds until the next point. When there are
more, the one goes of which the least would be seen (Visvalingam and Whyatt 1993, for a line in steps). The trail is
extended by every verdict, so the same log gives the same trail in whatever batches it is read.

As text: base 64 of the newest point's minute (3 bytes, since 2020, as all times of scoring) and, oldest first, of each
point's minutes before the newest (2 bytes) and its score (1 byte); so four characters, and four for each point.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from struct import Struct
from typing import Final, NamedTuple

from leadflow.scoring.features import day_of

MOST: Final = 8
DAYS: Final = 14
_MINUTES_A_DAY: Final = 1440
_LATEST: Final = 0xFFFFFF
_OLDEST: Final = 0xFFFF
_STEP: Final = Struct(">HB")


class Point(NamedTuple):
    """`minute` is counted from 2020 on."""

    minute: int
    score: int


def extended(trail: str, at: datetime | None, score: int) -> str:
    """The trail after the score has become `score` at `at`; without a time, it stands as it was."""
    known = points(trail)
    if at is None or (known and known[-1].score == score):
        return trail
    minute = min(max(int(day_of(at) * _MINUTES_A_DAY), 0), _LATEST)
    if known:
        minute = max(minute, known[-1].minute)
    before = [point for point in known if point.minute < minute]
    if not before or before[-1].score != score:
        before.append(Point(minute, score))
    return packed(_fitting(before))


def points(trail: str) -> list[Point]:
    """Oldest first."""
    if not trail:
        return []
    stored = b64decode(trail, validate=True)
    newest = int.from_bytes(stored[:3], "big")
    return [Point(newest - age, score) for age, score in _STEP.iter_unpack(stored[3:])]


def packed(course: Sequence[Point]) -> str:
    newest = course[-1].minute
    steps = [_STEP.pack(min(newest - minute, _OLDEST), score) for minute, score in course]
    return b64encode(newest.to_bytes(3, "big") + b"".join(steps)).decode()


def _fitting(course: list[Point]) -> list[Point]:
    """Of what was before the two weeks, the level at their beginning is enough."""
    since = course[-1].minute - DAYS * _MINUTES_A_DAY
    while len(course) > 1 and course[1].minute <= since:
        del course[0]
    while len(course) > MOST:
        steps = zip(course, course[1:], course[2:], strict=False)
        unseen = [abs(now.score - before.score) * (after.minute - now.minute) for before, now, after in steps]
        least = 1 + unseen.index(min(unseen))
        del course[least]
        if course[least].score == course[least - 1].score:
            del course[least]
    return course
