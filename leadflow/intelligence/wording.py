"""Numbers and times as people read them: pure."""

from leadflow.intelligence.story import DAY, HOUR


def percent(share: float) -> str:
    """
    >>> percent(0.314), percent(0.042), percent(0.0)
    ('31 %', '4.2 %', '0 %')
    """
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"


def counted(count: int, one: str, many: str = "") -> str:
    """
    >>> counted(1, "call"), counted(1200, "try", "tries")
    ('1 call', '1,200 tries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def ago(seconds: int) -> str:
    """How long something has lasted, roughly.

    >>> ago(20), ago(50 * 60), ago(26 * 3600), ago(9 * 86400)
    ('a moment', '50 minutes', '26 hours', '9 days')
    """
    if seconds < 60:
        return "a moment"
    for size, unit, from_ in ((DAY, "day", 2 * DAY), (HOUR, "hour", HOUR), (60, "minute", 60)):
        if seconds >= from_:
            return counted(seconds // size, unit)
    return "a moment"


def in_days(low: int, high: int) -> str:
    """
    >>> in_days(6, 19), in_days(0, 4), in_days(0, 0), in_days(1, 1)
    ('in 6–19 days', 'within 4 days', 'today', 'within 1 day')
    """
    if high == 0:
        return "today"
    if low in {0, high}:
        return f"within {counted(high, 'day')}"
    return f"in {low}–{high} days"
