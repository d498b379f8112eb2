"""Replaying real data through the product, and asking what it thought of each lead before the outcome was known."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from leadflow.scoring.learning import RunningAuc
from leadflow.simulation.applying import GROUP, apply_all
from leadflow.simulation.pace import Pace, Sleep, Timer
from leadflow.simulation.ports import Company
from leadflow.simulation.progress import OnProgress, Progress
from leadflow.simulation.steps import Outcome, Step

REPORT_EVERY = 1.0


async def run(  # the last two are for tests
    target: Company,
    steps: Iterator[Step],
    rate: float,
    on_progress: OnProgress,
    *,
    timer: Timer = time.monotonic,
    sleep: Sleep = asyncio.sleep,
) -> Progress:
    """Applies the steps in their order, `rate` a second (0: as fast as possible), and may be repeated or resumed.

    Only outcomes that this run brought about are judged: the score of a lead whose outcome was there before has
    already seen it. A lead that is won after it was closed as lost is judged by the score it had before either.
    """
    pace, examiner, progress = Pace(rate, timer=timer, sleep=sleep), _Examiner(target), Progress()
    began = reported = timer()
    while group := list(islice(steps, await pace.allowance(GROUP))):
        for closing, same in groupby(group, lambda step: isinstance(step, Outcome)):
            batch = list(same)
            if closing:
                await examiner.remember([step for step in batch if isinstance(step, Outcome)])
            done = await apply_all(target, batch)
            for step, new in zip(batch, done, strict=True):
                progress.count(step, new)
                if new and isinstance(step, Outcome):
                    examiner.judge(step)
        now = timer()
        progress.seconds, progress.auc, progress.scored = now - began, examiner.auc.value, len(examiner.judged)
        if now - reported >= REPORT_EVERY:
            reported = now
            on_progress(progress)
    await target.settled()
    progress.seconds, progress.final_auc = timer() - began, examiner.final()
    on_progress(progress)
    return progress


class _Examiner:
    """Keeps the score each lead had before its first outcome."""

    def __init__(self, target: Company) -> None:
        self._target = target
        self._first: dict[str, float] = {}
        self.auc = RunningAuc()
        self.judged: dict[str, bool] = {}

    async def remember(self, outcomes: Sequence[Outcome]) -> None:
        """To be called before the outcomes are told. A reopened lead's present score has seen its first outcome."""
        unseen = [step.key for step in outcomes if not step.reopens and step.key not in self._first]
        if unseen:
            await self._target.settled()
            self._first.update(await self._target.scores_of(unseen))

    def judge(self, outcome: Outcome) -> None:
        score = self._first.get(outcome.key)
        if score is None or (outcome.reopens and outcome.key not in self.judged):
            return
        won = outcome.result == "won"
        self.auc.add(score, won)
        self.judged[outcome.key] = won

    def final(self) -> float | None:
        auc = RunningAuc()
        for key, won in self.judged.items():
            auc.add(self._first[key], won)
        return auc.value
