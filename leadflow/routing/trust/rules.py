"""Whether leads wait because scores are in alarm: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.routing.conditions import Unknown

SCORES: Final = frozenset({"score", "band"})
WAITS: Final = "it goes by the score, and scores are in alarm"


@dataclass(frozen=True, slots=True)
class Trust:
    """`alarms` stand, in words by id, and make scores unreliable; of those `passed` somebody has said: go on."""

    stops: bool = False
    alarms: Mapping[str, str] = field(default_factory=dict)
    passed: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    by: UUID | None = None
    by_name: str = ""
    at: datetime | None = None

    @property
    def is_stopped(self) -> bool:
        return self.stops and bool(self.alarms.keys() - self.passed.keys())

    @property
    def unknown(self) -> Unknown:
        """What rules cannot ask for now."""
        return SCORES if self.is_stopped else frozenset()
