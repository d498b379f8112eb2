"""Use cases of backtests: ask for one, and read what came of it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from leadflow.kernel.errors import Invalid
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring.backtest import queries, repository
from leadflow.scoring.backtest.commands import Backtest
from leadflow.scoring.errors import BacktestNotFound
from leadflow.scoring.jobs import backtest_job
from leadflow.scoring.settings import rules

KEPT: Final = timedelta(days=7)


async def start(work: Work, command: Backtest) -> dict[str, Any]:
    """Have these rules tried on the log, in a job; one that is still under way is no longer wanted.

    Raises:
        Invalid: two rules are about the same thing; the problems name them.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    if problems := rules.problems(command.config):
        raise Invalid(problems=problems)
    backtest = new_id()
    await repository.forget(work, work.clock.now() - KEPT)
    await repository.supersede(work)
    await repository.add(work, backtest, command.config, command.days)
    work.enqueue(backtest_job(backtest))
    return await look(work, backtest)


async def look(work: Work, backtest: UUID) -> dict[str, Any]:
    """How far it is, and once it is done its report, as the actor may see it.

    Raises:
        BacktestNotFound: there is none, or it was too long ago.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    found = await repository.get(work, backtest)
    if found is None:
        raise BacktestNotFound
    report = await queries.told(work, found["report"]) if found["report"] else None
    return {**found, "report": report}
