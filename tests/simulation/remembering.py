"""A company that remembers what it was told."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from leadflow.simulation.steps import Behave, Capture, Move, OpenLead, Outcome, Result, Stage, Step, Touch


@dataclass
class RememberingCompany:
    """Keeps the port's promises in memory: nothing twice, nothing on a closed lead, scores that have seen outcomes."""

    told: list[Step] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    stage: dict[str, Stage | Result] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    settled_times: int = 0
    _open: int | None = None

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[None]:
        self._open = 0
        yield
        self.batches.append(self._open)
        self._open = None

    async def capture(self, step: Capture) -> bool:
        self.stage.setdefault(step.key, "new")
        return self._tell(step)

    async def capture_many(self, steps: Sequence[Capture]) -> Sequence[bool]:
        return [await self.capture(step) for step in steps]

    async def behave(self, step: Behave) -> bool:
        return self._tell(step)

    async def touch(self, step: Touch) -> bool:
        return self._tell(step)

    async def move(self, step: Move) -> bool:
        if self.stage.get(step.key) != step.was:
            return False
        self.stage[step.key] = step.stage
        return self._tell(step)

    async def outcome(self, step: Outcome) -> bool:
        if step.ref in self.refs or (self.stage[step.key] in {"won", "lost"} and not step.reopens):
            return False
        self.stage[step.key] = step.result
        self.scores[step.key] = 100.0 if step.result == "won" else 0.0
        return self._tell(step)

    async def settled(self) -> None:
        self.settled_times += 1

    async def scores_of(self, keys: Sequence[str]) -> Mapping[str, float]:
        return {key: self.scores[key] for key in keys if key in self.scores}

    async def open_leads(self) -> Sequence[OpenLead]:
        return [
            OpenLead(key=key, stage=stage)
            for key, stage in self.stage.items()
            if stage != "won" and stage != "lost"  # mypy narrows only this
        ]

    def _tell(self, step: Step) -> bool:
        if step.ref in self.refs:
            return False
        self.refs.add(step.ref)
        self.told.append(step)
        if self._open is not None:
            self._open += 1
        return True
