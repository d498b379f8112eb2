"""Every kind of notification, and what all of them listen to."""

from functools import cache

from leadflow.kernel.registry import discover
from leadflow.notifications import kinds
from leadflow.notifications.notice import Notice


@cache
def all_notices() -> dict[str, Notice]:
    """By name, in the order in which settings show them."""
    found = discover(kinds.__name__, Notice, "NOTICE")
    return dict(sorted(found.items(), key=lambda item: (item[1].position, item[0])))


@cache
def listening(kind: str) -> tuple[tuple[str, Notice], ...]:
    """Which kinds of notification want events of this kind."""
    return tuple((name, notice) for name, notice in all_notices().items() if kind in notice.kinds)


def heard() -> tuple[str, ...]:
    """All kinds of events that somebody wants."""
    return tuple(sorted({kind for notice in all_notices().values() for kind in notice.kinds}))
