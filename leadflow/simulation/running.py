"""The demonstration as a process: history at once, then a present to watch."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import structlog

from leadflow.kernel.clock import Clock
from leadflow.kernel.errors import Transient
from leadflow.simulation import demo
from leadflow.simulation.applying import GROUP, apply, apply_all
from leadflow.simulation.company import DEMO, Profile
from leadflow.simulation.pace import Sleep, Timer
from leadflow.simulation.ports import Company
from leadflow.simulation.progress import OnProgress, Progress
from leadflow.simulation.steps import Step

log = structlog.get_logger()

REPORT_EVERY = 0.5
LOOKS_ROUND = timedelta(minutes=15)
"""How often the live company reads its leads anew, so that it goes along with what people did."""
RETRY_AFTER = 2.0


async def tell_history(
    target: Company, steps: Iterator[Step], on_progress: OnProgress, *, timer: Timer = time.monotonic
) -> Progress:
    """As fast as possible; told a second time, it changes nothing."""
    progress = Progress()
    began = reported = timer()
    while group := list(islice(steps, GROUP)):
        for step, done in zip(group, await apply_all(target, group), strict=True):
            progress.count(step, done)
        progress.seconds = timer() - began
        if timer() - reported >= REPORT_EVERY:
            reported = timer()
            on_progress(progress)
    on_progress(progress)
    return progress


async def live(  # the last two are for tests
    target: Company,
    seed: str,
    clock: Clock,
    *,
    speed: float = 1.0,
    profile: Profile = DEMO,
    sleep: Sleep = asyncio.sleep,
    looks_round: timedelta = LOOKS_ROUND,
) -> AsyncIterator[tuple[Step, bool]]:
    """Without end: each step at its time, and whether it was done. Stops when its consumer stops.

    A step is never told in the past: after a pause (a laptop that slept) the company goes on from now.
    """
    while True:
        try:
            start = clock.now()
            late = timedelta()
            for planned in demo.live(seed, start, await target.open_leads(), speed, profile):
                late = max(late, clock.now() - planned.at)
                await sleep((planned.at + late - clock.now()).total_seconds())
                step = replace(planned, at=clock.now())
                yield step, await apply(target, step)
                if step.at - start >= looks_round:
                    break
        except Transient as error:
            log.warning("simulation.waiting", reason=error.detail)
            await sleep(RETRY_AFTER)
