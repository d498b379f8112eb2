"""Brings scores up to date with other rules, and tries rules on the log."""

from uuid import UUID

from leadflow.infra.jobs import JobRun
from leadflow.scoring.backtest import running
from leadflow.scoring.jobs import BACKTEST, RESCORE
from leadflow.scoring.repository import signer
from leadflow.scoring.settings.rescoring import Rescoring


async def rescore(run: JobRun) -> None:
    """Some leads per transaction, until nothing is left or other rules are live."""
    rescoring = Rescoring(signer(run.app.settings.secret_key.get_secret_value()))
    is_more = True
    while is_more:
        async with run.app.work(run.scope) as work:
            is_more = await rescoring.go_on(work, int(str(run.job.payload["number"])))


async def backtest(run: JobRun) -> None:
    await running.run(run.app, run.scope, UUID(str(run.job.payload["backtest"])))


HANDLERS = {RESCORE: rescore, BACKTEST: backtest}
