"""Times as they stand in files."""

from datetime import UTC, datetime
from typing import Final

from leadflow.scoring.evaluation.columns import number
from leadflow.scoring.evaluation.errors import DataUnusable
from leadflow.scoring.features import day_of

UNIX: Final = "unix"


def read_moment(text: str, pattern: str, place: str) -> float:
    """Days since 2020; what names no zone is UTC, what names no time is midnight.

    >>> read_moment("2020-01-02 12:00", "", "here"), read_moment("02/01/2020", "%d/%m/%Y", "here")
    (1.5, 1.0)

    Raises:
        DataUnusable: it is no such time; the message begins with `place`.

    """
    try:
        if pattern == UNIX:
            return day_of(datetime.fromtimestamp(float(text), UTC))
        at = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007 - see below
        return day_of(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError) as error:
        hint = f"does not fit {pattern!r}" if pattern else "is not a date as in 2020-01-31 12:00; give `time_format`"
        raise DataUnusable(f"{place}: {text!r} {hint}.") from error


def order_key(text: str) -> tuple[int, float, str]:
    """Numbers by size, then words by spelling; what is missing comes first.

    >>> sorted(["10", "9", "b", "", "a"], key=order_key)
    ['', '9', '10', 'a', 'b']
    """
    if not text:
        return 0, 0.0, ""
    value = number(text)
    return (1, value, "") if value is not None else (2, 0.0, text)
