"""How often something may happen that gets cheaper the more it has to do at once."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Once every `every_s` on average; `burst` times at once before that counts.

    Whoever is made to wait finds more to do afterwards, so waiting is for floods: a lone event is never late.
    """

    every_s: float
    burst: int
    _paid_until: float = 0.0

    def pause(self) -> float:
        """Note that it has happened once more; returns the seconds to let pass before the next time."""
        now = time.monotonic()
        self._paid_until = max(self._paid_until, now) + self.every_s
        return max(self._paid_until - now - self.burst * self.every_s, 0.0)
