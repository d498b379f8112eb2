"""What somebody means by a line such as "Call Ada tomorrow 10:00": pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from leadflow.tasks.commands import LONGEST_TITLE
from leadflow.tasks.models import TaskKind
from leadflow.tasks.rules import due_on

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LONG_DAYS: Final = "|".join(_WEEKDAYS)
_SHORT_DAYS: Final = "mon|tues?|wed|thurs?|thu|fri|sat|sun"
_MONTH: Final = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in _MONTHS)
_ENDS: Final = r"(?!\w|:\d)"
_STARTS: Final = r"(?<![\w:@./-])"
_COUNTS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_UNITS: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NAMES: Final = re.compile(r"\b(?:(?!\d)[^\W_a-z][\w'’.-]+)(?:\s+(?!\d)[^\W_a-z][\w'’.-]+)*")
_SHORTEST_NAME: Final = 3
_NOBODY: Final = frozenset({"again", "back", "everybody", "her", "him", "somebody", "them"})
_FIRST_WORDS: Final = {
    "call": TaskKind.CALL, "phone": TaskKind.CALL, "ring": TaskKind.CALL, "email": TaskKind.EMAIL,
    "e-mail": TaskKind.EMAIL, "mail": TaskKind.EMAIL, "write": TaskKind.EMAIL, "meet": TaskKind.MEETING,
    "meeting": TaskKind.MEETING, "visit": TaskKind.MEETING, "demo": TaskKind.MEETING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """A line as a task. Due at a time, it reminds at that time."""

    title: str
    kind: TaskKind
    due_at: datetime | None = None
    all_day: bool = False
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A piece of the line that says when: on a day, at a time, or so long from now."""

    start: int
    end: int
    day: date | None = None
    at: time | None = None
    later: timedelta | None = None


Reader = Callable[[re.Match[str], date], _Found | None]


def understand(line: str, now: datetime, zone: str) -> Understood:
    """The task that a line speaks of, for somebody in `zone`.

    >>> said = understand("Call Ada tomorrow 10:00", datetime(2026, 3, 2, 9, tzinfo=UTC), "Europe/Berlin")
    >>> said.title, said.kind.value, said.due_at.isoformat()
    ('Call Ada', 'call', '2026-03-03T09:00:00+00:00')
    """
    words = " ".join(line.split())
    there = now.astimezone(ZoneInfo(zone))
    found = _chosen(words, there.date())
    due_at, all_day = _moment(found, there)
    title = _without(words, found) if due_at else words
    remind_at = due_at if due_at and not all_day and due_at > now else None
    title = (title or words)[:LONGEST_TITLE].strip()
    kind = _FIRST_WORDS.get(title.partition(" ")[0].lower().rstrip(":,"), TaskKind.PLAIN)
    return Understood(title, kind, due_at, all_day, remind_at)


def whom(title: str) -> str | None:
    """Whom a task may be about: the words after "Call" and its like, or the longest run of names.

    >>> whom("Call ada"), whom("Send the offer to Grace Hopper today"), whom("Tidy up")
    ('ada', 'Grace Hopper', None)
    """
    first, _, rest = title.partition(" ")
    is_to_somebody = first.lower().rstrip(":,") in _FIRST_WORDS
    runs = _NAMES.findall(rest)
    if runs:
        return str(max(runs, key=len))
    words = rest.split()
    if not is_to_somebody or len(words) != 1 or words[0].lower() in _NOBODY:
        return None
    return words[0] if words[0].isalpha() and len(words[0]) >= _SHORTEST_NAME else None


def _chosen(words: str, today: date) -> list[_Found]:
    """One day and one time, or one "in so long": the last of each that is said, as "today" may be part of a name."""
    chosen: dict[str, _Found] = {}
    for found in sorted(_all(words, today), key=lambda each: each.start):
        chosen["later" if found.later else "day" if found.day else "at"] = found
    if "later" in chosen:
        return [chosen["later"]]
    return [chosen[part] for part in ("day", "at") if part in chosen]


def _all(words: str, today: date) -> Iterator[_Found]:
    taken: list[tuple[int, int]] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(words):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if found := read(match, today):
                taken.append(match.span())
                yield found


def _moment(found: Sequence[_Found], there: datetime) -> tuple[datetime | None, bool]:
    later = next((each.later for each in found if each.later), None)
    day = next((each.day for each in found if each.day), None)
    at = next((each.at for each in reversed(found) if each.at is not None), None)
    if later is not None:
        exact = (there.astimezone(UTC) + later).replace(second=0, microsecond=0)
        return exact, False
    if at is not None:
        day = day or (there.date() if at > there.time() else there.date() + timedelta(days=1))
        return datetime.combine(day, at, there.tzinfo).astimezone(UTC), False
    if day is None:
        return None, False
    noon = datetime.combine(day, time(12), there.tzinfo).astimezone(UTC)
    return due_on(noon, str(there.tzinfo)), True


def _without(words: str, found: Sequence[_Found]) -> str:
    for each in sorted(found, key=lambda one: -one.start):
        words = f"{words[: each.start].rstrip()} {words[each.end :].lstrip()}"
    return " ".join(words.split()).strip(" ,;:–-")


def _named_day(match: re.Match[str], today: date) -> _Found:
    ahead = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1}[match["day"].lower()]
    at = time(20) if match["day"].lower() == "tonight" else None
    return _Found(match.start(), match.end(), today + timedelta(days=ahead), at)


def _weekday(match: re.Match[str], today: date) -> _Found:
    """The next one to come, a week from now if it is that day; "next" is the one of next week."""
    wanted = [name[:3] for name in _WEEKDAYS].index(match["day"].lower()[:3])
    if (match["how"] or "").lower().strip() == "next":
        monday = today + timedelta(days=7 - today.weekday())
        return _Found(match.start(), match.end(), monday + timedelta(days=wanted))
    ahead = (wanted - today.weekday()) % 7 or 7
    return _Found(match.start(), match.end(), today + timedelta(days=ahead))


def _next_week(match: re.Match[str], today: date) -> _Found:
    return _Found(match.start(), match.end(), today + timedelta(days=7 - today.weekday()))


def _later(match: re.Match[str], today: date) -> _Found | None:
    count = _COUNTS.get(match["count"].lower()) or int(match["count"])
    unit = match["unit"].lower()
    length = _UNITS["min" if unit.startswith("m") else unit[0]] * min(count, 10_000)
    if unit[0] in "dw":
        days = today + timedelta(days=min(length.days, 3650))
        return _Found(match.start(), match.end(), days)
    return _Found(match.start(), match.end(), later=length) if length else None


def _iso(match: re.Match[str], _today: date) -> _Found | None:
    return _on(match, int(match["year"]), int(match["month"]), int(match["number"]))


def _dotted(match: re.Match[str], today: date) -> _Found | None:
    """The day comes first, as everywhere that writes dates with dots."""
    return _coming(match, today, int(match["month"]), int(match["number"]), match["year"])


def _month(match: re.Match[str], today: date) -> _Found | None:
    month = [name[:3] for name in _MONTHS].index(match["month"].lower()[:3]) + 1
    return _coming(match, today, month, int(match["number"]), match["year"])


def _coming(match: re.Match[str], today: date, month: int, number: int, year: str | None) -> _Found | None:
    if year:
        return _on(match, int(year), month, number)
    this = _on(match, today.year, month, number)
    return this if this and this.day and this.day >= today else _on(match, today.year + 1, month, number)


def _on(match: re.Match[str], year: int, month: int, number: int) -> _Found | None:
    try:
        day = date(year, month, number)
    except ValueError:
        return None
    return _Found(match.start(), match.end(), day) if 2000 < year < 2099 else None


def _clock(match: re.Match[str], _today: date) -> _Found | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower().replace(".", "")
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _Found(match.start(), match.end(), at=time(hour, minute)) if hour < 24 and minute < 60 else None


def _noon(match: re.Match[str], _today: date) -> _Found:
    return _Found(match.start(), match.end(), at=time(12))


def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(_STARTS + pattern + _ENDS, re.IGNORECASE)


_BY: Final = r"(?:(?:on|by|until)\s+)?"
_READERS: Final[Sequence[tuple[re.Pattern[str], Reader]]] = (
    (_said(rf"{_BY}(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<number>\d{{1,2}})"), _iso),
    (_said(rf"{_BY}(?P<number>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})?"), _dotted),
    (_said(rf"{_BY}(?P<number>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?"), _month),
    (_said(rf"{_BY}(?P<month>{_MONTH})\s+(?P<number>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?"), _month),
    (
        _said(
            rf"in\s+(?P<count>\d{{1,4}}|{'|'.join(_COUNTS)})\s*"
            r"(?P<unit>minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)"
        ),
        _later,
    ),
    (_said(rf"{_BY}(?P<day>today|tonight|tomorrow|tmrw)"), _named_day),
    (_said(rf"(?:(?P<how>on|by|until|next|this)\s+)?(?P<day>{_LONG_DAYS})"), _weekday),
    (_said(rf"(?P<how>on|by|until|next|this)\s+(?P<day>{_SHORT_DAYS})"), _weekday),
    (_said(rf"(?P<how>)(?P<day>{_SHORT_DAYS})(?=\s*$|\s+(?:at\s+)?\d)"), _weekday),
    (_said(rf"{_BY}next\s+week"), _next_week),
    (_said(r"(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s*(?P<half>[ap]\.?m\.?))?"), _clock),
    (_said(r"(?:at\s+)?(?P<hour>\d{1,2})(?P<minute>)\s*(?P<half>[ap]\.?m\.?)"), _clock),
    (_said(r"at\s+(?P<hour>\d{1,2})(?P<minute>)(?P<half>)"), _clock),
    (_said(r"(?:at\s+)?noon"), _noon),
)
