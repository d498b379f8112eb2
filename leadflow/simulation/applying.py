"""Steps into use cases."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

from leadflow.kernel.errors import Transient
from leadflow.simulation.ports import Company
from leadflow.simulation.steps import Behave, Capture, Move, Outcome, Step, Touch

COLLISIONS = 5
GROUP = 200
"""Most steps in one unit of work: an open transaction holds back every reader of the log, so that is short."""


async def apply(target: Company, step: Step) -> bool:
    """Whether something was done; see `Company`."""
    match step:
        case Capture():
            return await target.capture(step)
        case Behave():
            return await target.behave(step)
        case Touch():
            return await target.touch(step)
        case Move():
            return await target.move(step)
        case Outcome():
            return await target.outcome(step)


async def apply_all(target: Company, steps: Sequence[Step]) -> list[bool]:
    """All of them in one unit of work and in their order; captures that follow each other go together.

    A group touches many leads in the order of time, which may cross with what else is being done to them: then it is
    undone as a whole, and told again.
    """
    for _ in range(COLLISIONS):
        with suppress(Transient):
            return await _together(target, steps)
    return await _together(target, steps)


async def _together(target: Company, steps: Sequence[Step]) -> list[bool]:
    if len(steps) == 1:
        return [await apply(target, steps[0])]
    done: list[bool] = []
    async with target.batch():
        for kind, same in groupby(steps, type):
            if kind is Capture:
                done += await target.capture_many([step for step in same if isinstance(step, Capture)])
            else:
                done += [await apply(target, step) for step in same]
    return done
