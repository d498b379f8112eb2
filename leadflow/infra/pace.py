"""How often something may happen that gets cheaper the more it has to do at once."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """As much time as each run costs lies between two of them on average; `allowance_s` of it may be owed.

    Whoever is made to wait finds more to do afterwards, so waiting is for floods: a lone event is never late.
    """

    allowance_s: float
    _paid_until: float = 0.0

    def pause(self, cost_s: float) -> float:
        """Note one more run; returns the seconds to let pass before the next one."""
        now = time.monotonic()
        self._paid_until = max(self._paid_until, now) + cost_s
        return max(self._paid_until - now - self.allowance_s, 0.0)
